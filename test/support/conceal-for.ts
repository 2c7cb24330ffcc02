import { randomBytes } from 'node:crypto';
import type { AccountId } from '../../src/accounts/account.js';
import type { GuessLimits } from '../../src/limits/guess-limits.js';
import { SecretStore } from '../../src/secrets/secret.store.js';
import { DAY } from '../../src/shared/durations.js';
import type { TestDatabase } from './test-database.js';

/** Stores an unread secret of an account, which nothing opens. */
export async function concealFor(
  { statements }: Pick<TestDatabase, 'statements'>,
  ownerId: AccountId,
): Promise<void> {
  const tomorrow = new Date(Date.now() + DAY).toISOString().slice(0, 10);
  await new SecretStore(statements, {} as GuessLimits).insert({
    secret: { lookup: randomBytes(32), expiresOn: tomorrow },
    receipt: { lookup: randomBytes(32), expiresOn: tomorrow },
    ttlSeconds: 3600,
    receiptTtlSeconds: 7200,
    ownerId,
    domain: null,
    keyVersion: 1,
    salt: null,
    passphraseRule: null,
    guessesMax: null,
    ciphertext: randomBytes(64),
    sealedSecretKey: randomBytes(64),
    sealedMetadataKey: randomBytes(64),
    sealedShortId: randomBytes(36),
    kind: 'share',
    recipients: ['somebody@example.com'],
    notifiesOpened: false,
    isRecipientTold: false,
  });
}
