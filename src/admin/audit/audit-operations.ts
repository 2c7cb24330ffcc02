import { z } from 'zod';
import type { AdminOperation } from '../admin-operation.js';
import { nextCursor, pageQuery, PREFIX, regionParams } from '../admin-schemas.js';
import { adminKeySchema, auditEntrySchema } from './audit-schemas.js';

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
