import type { z } from 'zod';
import type { AccountPlan } from './plans.js';

export type AccountId = string & z.$brand<'AccountId'>;

/** `closing`: its owner or the operator removes it; what it has is being deleted, and nothing opens it again. */
export type AccountState = 'active' | 'suspended' | 'closing';

export interface Account {
  readonly id: AccountId;
  /** As the customer wrote it. Compared by EmailKey. */
  readonly email: string;
  readonly plan: AccountPlan;
  readonly state: AccountState;
}
