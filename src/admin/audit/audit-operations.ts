import { z } from 'zod';
import { ADMIN_SCOPES } from '../../operators/admin-key.js';
import type { AdminOperation } from '../admin-operation.js';
import {
  instant,
  instantOrNull,
  nextCursor,
  pageQuery,
  PREFIX,
  regionParams,
} from '../admin-schemas.js';

const auditEntrySchema = z
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

const adminKeySchema = z
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

export const LIST_AUDIT = {
  method: 'get',
  path: `${PREFIX}/audit`,
  operationId: 'listAudit',
  summary: 'Each use of a key, the newest first',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  query: pageQuery,
  answers: {
    200: {
      description: 'A page of the audit trail.',
      schema: z.object({ entries: z.array(auditEntrySchema), next_cursor: nextCursor }),
    },
  },
} as const satisfies AdminOperation;

export const LIST_KEYS = {
  method: 'get',
  path: `${PREFIX}/keys`,
  operationId: 'listAdminKeys',
  summary: 'The keys of this API, never their secrets',
  description: 'Keys are made and revoked at the command line: `gateway admin-key`.',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  answers: {
    200: { description: 'All keys.', schema: z.object({ keys: z.array(adminKeySchema) }) },
  },
} as const satisfies AdminOperation;

export const AUDIT_OPERATIONS: readonly AdminOperation[] = [LIST_AUDIT, LIST_KEYS];
