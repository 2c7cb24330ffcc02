import { ACCOUNT_STATES, OWNED_STATES } from './account-page-states.js';
import { DOMAIN_STATES } from './domain-page-states.js';
import type { PageState } from './page-state.js';
import { PALE_STATES, PUBLIC_STATES } from './public-page-states.js';

export const PAGE_STATES: readonly PageState[] = [
  ...PUBLIC_STATES,
  ...PALE_STATES,
  ...ACCOUNT_STATES,
  ...OWNED_STATES,
  ...DOMAIN_STATES,
];
