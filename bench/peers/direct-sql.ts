import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import type { Statement, Statements } from '../../src/database/statements.js';
import type { GuessLimits } from '../../src/limits/guess-limits.js';
import { SecretStore, type NewSecret } from '../../src/secrets/secret.store.js';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** The statements of a share and its reveal, one pair at a time on each connection: insert, find, claim. */
export interface DirectSqlLoad {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly seconds: number;
}

const TTL_SECONDS = 3600;
const LOOKUP_BYTES = 20;
// As long as the encrypted value of bench/load/pairs.ts and an encrypted key of 31 characters: nonce, text and tag.
const CIPHERTEXT = randomBytes(12 + 50 + 16);
const SEALED_KEY = randomBytes(12 + 31 + 16);

let pool: Pool | null = null;

answerQuestions<DirectSqlLoad, Work>(async ({ databaseUrl, connections, seconds }) => {
  pool ??= new Pool({ connectionString: databaseUrl, max: connections });
  const store = new SecretStore(directly(pool), {} as GuessLimits);
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let operations = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < endAt) {
      await insertFindClaim(store);
      operations += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { operations, seconds: (performance.now() - startedAt) / 1000 };
});

/** Runs the store's statements on a plain pool, prepared by name, without the gateway's code around them. */
function directly(connections: Pool): Statements {
  const run = async ({ name, text }: Statement, values: unknown[]): Promise<object[]> =>
    (await connections.query<object>({ name, text, values })).rows;
  return { run } as unknown as Statements;
}

async function insertFindClaim(store: SecretStore): Promise<void> {
  const secret = newSecret();
  await store.insert(secret);
  const found = await store.find(secret.secret, null);
  const claimedAt = found && (await store.claim(secret.secret, found.receipt, 'received'));
  if (claimedAt === null) throw new Error('a secret was not found');
}

function newSecret(): NewSecret {
  const lookups = randomBytes(2 * LOOKUP_BYTES);
  return {
    secret: { lookup: lookups.subarray(0, LOOKUP_BYTES), expiresOn: dayAfter(TTL_SECONDS) },
    receipt: { lookup: lookups.subarray(LOOKUP_BYTES), expiresOn: dayAfter(2 * TTL_SECONDS) },
    ttlSeconds: TTL_SECONDS,
    receiptTtlSeconds: 2 * TTL_SECONDS,
    ownerId: null,
    domain: null,
    keyVersion: 1,
    salt: null,
    passphraseRule: null,
    guessesMax: null,
    ciphertext: CIPHERTEXT,
    sealedSecretKey: SEALED_KEY,
    sealedMetadataKey: null,
    sealedShortId: SEALED_KEY,
    kind: 'share',
    recipients: [],
    notifiesOpened: false,
    isRecipientTold: false,
  };
}

function dayAfter(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().slice(0, 10);
}
