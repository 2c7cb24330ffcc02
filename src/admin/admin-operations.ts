import { ACCOUNT_OPERATIONS } from './accounts/account-operations.js';
import type { AdminOperation } from './admin-operation.js';
import { AUDIT_OPERATIONS } from './audit/audit-operations.js';
import { CERTIFICATE_OPERATIONS } from './certificates/certificate-operations.js';
import { DOMAIN_OPERATIONS } from './domains/domain-operations.js';
import { LIMIT_OPERATIONS } from './limits/limit-operations.js';
import { OVERVIEW_OPERATIONS } from './overview/overview-operations.js';

/** Every operation of the operator's API, in the order of its document. */
export const ADMIN_OPERATIONS: readonly AdminOperation[] = [
  ...OVERVIEW_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...DOMAIN_OPERATIONS,
  ...CERTIFICATE_OPERATIONS,
  ...LIMIT_OPERATIONS,
  ...AUDIT_OPERATIONS,
];
