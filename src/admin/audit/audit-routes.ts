import { Injectable } from '@nestjs/common';
import { AdminAuditService } from '../../operators/admin-audit.service.js';
import { AdminKeysService } from '../../operators/admin-keys.service.js';
import { adminRoute, AdminRoutes } from '../admin-operation.js';
import { isoOrNull } from '../admin-schemas.js';
import { LIST_AUDIT, LIST_KEYS } from './audit-operations.js';

@Injectable()
export class AuditRoutes extends AdminRoutes {
  constructor(
    private readonly audit: AdminAuditService,
    private readonly keys: AdminKeysService,
  ) {
    super();
  }

  readonly routes = [
    adminRoute(LIST_AUDIT, async ({ query }) => {
      const { entries, nextCursor } = await this.audit.list(query.limit, query.cursor);
      return {
        entries: entries.map((entry) => ({
          id: entry.id,
          at: entry.at.toISOString(),
          key_id: entry.keyId,
          key_name: entry.keyName,
          operation: entry.operation,
          target: entry.target,
          network: entry.network,
          request_id: entry.requestId,
          status: entry.status,
        })),
        next_cursor: nextCursor,
      };
    }),
    adminRoute(LIST_KEYS, async () => ({
      keys: (await this.keys.list()).map((key) => ({
        id: key.id,
        name: key.name,
        scopes: [...key.scopes],
        state: key.state,
        created_at: key.createdAt.toISOString(),
        expires_at: key.expiresAt.toISOString(),
        revoked_at: isoOrNull(key.revokedAt),
        last_used_at: isoOrNull(key.lastUsedAt),
      })),
    })),
  ];
}
