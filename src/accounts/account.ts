import type { z } from 'zod';
import type { AccountPlan } from './plans.js';

export type AccountId = string & z.$brand<'AccountId'>;

export type AccountState = 'active' | 'suspended';

export interface Account {
  readonly id: AccountId;
  /** As the customer wrote it. Compared by EmailKey. */
  readonly email: string;
  readonly plan: AccountPlan;
  readonly state: AccountState;
}
