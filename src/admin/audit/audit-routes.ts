import { Injectable } from '@nestjs/common';
import { AdminAuditService } from '../../operators/admin-audit.service.js';
import { AdminKeysService } from '../../operators/admin-keys.service.js';
import { adminRoute, AdminRoutes } from '../admin-operation.js';
import { LIST_AUDIT, LIST_KEYS } from './audit-operations.js';
import { presentAdminKey, presentAuditEntry } from './audit-schemas.js';

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
        entries: entries.map(presentAuditEntry),
        next_cursor: nextCursor,
      };
    }),
    adminRoute(LIST_KEYS, async () => ({
      keys: (await this.keys.list()).map(presentAdminKey),
    })),
  ];
}
