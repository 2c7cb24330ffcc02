import { NO_LOOK } from '../../src/domains/domain-look.js';
import { NO_SETUP } from '../../src/domains/domain-setup.js';
import { NO_POLICY } from '../../src/domains/domain-policy.js';
import type { AccountId } from '../../src/accounts/account.js';
import type { Domain, DomainId } from '../../src/domains/domain.js';
import { requireHostname } from '../../src/shared/hostname.js';
import { CHALLENGE } from './domain-facts.js';

/** A claim that was verified at noon and points here, with `changes` applied. */
export function aDomain(changes: Partial<Domain> = {}): Domain {
  const noon = new Date('2026-11-23T12:00:00.000Z');
  return {
    id: '00000000-0000-4000-8000-00000000000d' as DomainId,
    extid: 'cd0123456789abcdefgh',
    accountId: '00000000-0000-4000-8000-000000000001' as AccountId,
    hostname: requireHostname('secrets.example.com'),
    displayName: 'secrets.example.com',
    registrableDomain: 'example.com',
    isApex: false,
    mainId: null,
    targetLabel: 'k3v9q2m8x7c1b5n0',
    challengeLabel: 'a1b2c3d',
    challengeValue: CHALLENGE,
    challengeExpiresAt: new Date('2026-12-23T11:00:00.000Z'),
    ownership: 'verified',
    verifiedAt: noon,
    proofMethod: 'txt',
    proofMissingSince: null,
    proofMisses: 0,
    proofWarnings: 0,
    lapsedAt: null,
    lostAt: null,
    needsCnameProof: false,
    routing: 'pointed',
    routingSince: noon,
    pointedAt: noon,
    delegation: 'unknown',
    delegationSince: noon,
    delegatedAt: null,
    vouchedUntil: null,
    facts: null,
    ...NO_SETUP,
    checkedAt: noon,
    nextCheckAt: new Date('2026-11-23T18:00:00.000Z'),
    checkAttempts: 1,
    homepageEnabled: false,
    apiEnabled: true,
    policy: NO_POLICY,
    look: NO_LOOK,
    planLapsedAt: null,
    blockedAt: null,
    blockReason: null,
    generation: 3,
    removedAt: null,
    createdAt: new Date('2026-11-23T11:00:00.900Z'),
    updatedAt: noon,
    ...changes,
  };
}
