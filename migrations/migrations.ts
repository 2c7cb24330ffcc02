import { CreateAccounts1795430000000 } from './1795430000000-create-accounts.js';
import { CreateSecrets1795430000001 } from './1795430000001-create-secrets.js';
import { CreateDomains1795430000002 } from './1795430000002-create-domains.js';
import { CreateCertificates1795430000003 } from './1795430000003-create-certificates.js';
import { CreateCaFailures1795430000007 } from './1795430000007-create-ca-failures.js';

/** Every migration in the order in which it is applied. One that has landed is never edited. */
export const MIGRATIONS = [
  CreateAccounts1795430000000,
  CreateSecrets1795430000001,
  CreateDomains1795430000002,
  CreateCertificates1795430000003,
  CreateCaFailures1795430000007,
];
