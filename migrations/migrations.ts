import { CreateAccounts1795430000000 } from './1795430000000-create-accounts.js';
import { CreateSecrets1795430000001 } from './1795430000001-create-secrets.js';

/** Every migration in the order in which it is applied. One that has landed is never edited. */
export const MIGRATIONS = [CreateAccounts1795430000000, CreateSecrets1795430000001];
