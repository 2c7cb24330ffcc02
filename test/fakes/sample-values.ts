import type { Account, AccountId } from '../../src/accounts/account.js';
import type { Region } from '../../src/config/region.js';
import type { Receipt, RevealedSecret } from '../../src/secrets/receipt.js';
import { requireHostname } from '../../src/shared/hostname.js';
import type { Tenant } from '../../src/tenancy/tenant.js';

export const SECRET_KEY = 'abcdefghij0123456789klmnopqrst0';
export const METADATA_KEY = '0zyxwvutsrqponmlkjihgfedcba9876';

export const TENANT: Tenant = {
  region: 'eu' as Region,
  domain: null,
  customDomain: null,
  hostname: requireHostname('eu.onetime.localhost'),
  origin: 'https://eu.onetime.localhost:8443',
  canonicalHostnames: [requireHostname('eu.onetime.localhost')],
  isDeprecatedName: false,
};

export const ACCOUNT: Account = {
  id: '00000000-0000-4000-8000-000000000001' as AccountId,
  email: 'sender@example.com',
  plan: 'basic',
  state: 'active',
};

/** The receipt of a new shared secret with a TTL of one hour. */
export function aReceipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    metadataKey: METADATA_KEY,
    secretKey: SECRET_KEY,
    kind: 'share',
    state: 'new',
    hasPassphrase: false,
    attemptsLeft: null,
    domain: null,
    recipients: [],
    isRecipientTold: false,
    ownerId: null,
    ownerEmail: null,
    ttlSeconds: 3600,
    secretTtlSeconds: 3590,
    secretExpiresAt: new Date('2026-11-23T13:00:00.900Z'),
    metadataTtlSeconds: 7190,
    createdAt: new Date('2026-11-23T12:00:00.900Z'),
    updatedAt: new Date('2026-11-23T12:00:10.100Z'),
    receivedAt: null,
    burnedAt: null,
    previewedAt: null,
    lastPreviewedAt: null,
    previewCount: 0,
    memo: null,
    secretShortId: SECRET_KEY.slice(0, 8),
    ...changes,
  };
}

/** What a reveal gives. */
export function aRevealedSecret(changes: Partial<RevealedSecret> = {}): RevealedSecret {
  return {
    value: 'the value',
    domain: null,
    hasPassphrase: false,
    ownerId: null,
    createdAt: new Date('2026-11-23T12:00:00.900Z'),
    ttlSeconds: 3600,
    revealedAt: new Date('2026-11-23T12:01:00.999Z'),
    ...changes,
  };
}

/** The receipt after its secret was revealed. */
export function aReceivedReceipt(changes: Partial<Receipt> = {}): Receipt {
  return aReceipt({
    state: 'received',
    secretKey: null,
    secretTtlSeconds: null,
    receivedAt: new Date('2026-11-23T12:01:00.999Z'),
    ...changes,
  });
}
