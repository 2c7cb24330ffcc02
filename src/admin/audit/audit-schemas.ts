import { z } from 'zod';
import type { AuditRecord } from '../../operators/admin-audit.service.js';
import { ADMIN_SCOPES } from '../../operators/admin-key.js';
import type { AdminKeyRecord } from '../../operators/admin-key.store.js';
import { instant, instantOrNull, isoOrNull } from '../admin-schemas.js';

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: instant,
    key_id: z.string(),
    key_name: z.string(),
    operation: z.string().meta({ description: 'The operationId of this document.' }),
    target: z.string().nullable(),
    network: z.string().meta({ description: 'The masked network of the caller.' }),
    request_id: z.string(),
    status: z.int().nullable().meta({
      description: 'The status of the answer; null: not ended, or its process was killed.',
    }),
  })
  .meta({ id: 'AuditEntry' });

export const adminKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(ADMIN_SCOPES)),
    state: z.enum(['active', 'expired', 'revoked']),
    created_at: instant,
    expires_at: instant,
    revoked_at: instantOrNull,
    last_used_at: instantOrNull,
  })
  .meta({ id: 'AdminKey' });

export function presentAuditEntry(entry: AuditRecord): z.infer<typeof auditEntrySchema> {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    key_id: entry.keyId,
    key_name: entry.keyName,
    operation: entry.operation,
    target: entry.target,
    network: entry.network,
    request_id: entry.requestId,
    status: entry.status,
  };
}

export function presentAdminKey(key: AdminKeyRecord): z.infer<typeof adminKeySchema> {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    state: key.state,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt.toISOString(),
    revoked_at: isoOrNull(key.revokedAt),
    last_used_at: isoOrNull(key.lastUsedAt),
  };
}
