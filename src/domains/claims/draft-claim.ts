import type { AccountId } from '../../accounts/account.js';
import { DAY } from '../../shared/durations.js';
import { newClaimLabels } from './claim-labels.js';
import type { Domain, DomainId } from '../domain.js';
import { NO_LOOK } from '../domain-look.js';
import { NO_POLICY } from '../domain-policy.js';
import { NO_SETUP } from '../domain-setup.js';
import type { DomainName } from '../domain-name.js';
import { CHALLENGE_DAYS, UNPROVEN } from '../ownership.js';

/** A claim that is not stored: it has no id, but labels of its own. */
export function draftClaim(accountId: AccountId, name: DomainName, now: Date): Domain {
  return {
    id: '' as DomainId,
    extid: '',
    accountId,
    ...name,
    mainId: null,
    ...newClaimLabels(),
    challengeExpiresAt: new Date(now.getTime() + CHALLENGE_DAYS * DAY),
    ownership: 'pending',
    ...UNPROVEN,
    lostAt: null,
    needsCnameProof: false,
    vouchedUntil: null,
    routing: 'unknown',
    routingSince: now,
    pointedAt: null,
    delegation: 'unknown',
    delegationSince: now,
    delegatedAt: null,
    facts: null,
    ...NO_SETUP,
    checkedAt: now,
    nextCheckAt: null,
    checkAttempts: 0,
    homepageEnabled: false,
    apiEnabled: false,
    policy: NO_POLICY,
    look: NO_LOOK,
    planLapsedAt: null,
    blockedAt: null,
    blockReason: null,
    generation: 0,
    removedAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
