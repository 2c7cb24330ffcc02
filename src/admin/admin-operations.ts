import { ACCOUNT_OPERATIONS } from './accounts/account-operations.js';
import type { AdminOperation } from './admin-operation.js';
import { AUDIT_OPERATIONS } from './audit/audit-operations.js';

/** Every operation of the operator's API, in the order of its document. */
export const ADMIN_OPERATIONS: readonly AdminOperation[] = [
  ...ACCOUNT_OPERATIONS,
  ...AUDIT_OPERATIONS,
];
