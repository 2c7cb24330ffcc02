import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';
import {
  claimSecret,
  dayAfter,
  findSecret,
  insertPair,
  type Addresses,
} from './pair-statements.js';

/** A share and its reveal by the best SQL, one pair at a time on each connection: insert, find, claim. */
export interface DirectSqlLoad {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly seconds: number;
  readonly addresses: Addresses;
}

const TTL_SECONDS = 3600;
const LOOKUP_BYTES = 20;
// As long as the encrypted value of bench/load/pairs.ts and an encrypted key of 31 characters: nonce, text and tag.
const CIPHERTEXT = randomBytes(12 + 50 + 16);
const SEALED_KEY = randomBytes(12 + 31 + 16);

const pools = new Map<string, Pool>();

answerQuestions<DirectSqlLoad, Work>(async ({ databaseUrl, connections, seconds, addresses }) => {
  const pool =
    pools.get(addresses) ?? new Pool({ connectionString: databaseUrl, max: connections });
  pools.set(addresses, pool);
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let operations = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < endAt) {
      await insertFindClaim(pool, addresses);
      operations += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { operations, seconds: (performance.now() - startedAt) / 1000 };
});

async function insertFindClaim(pool: Pool, addresses: Addresses): Promise<void> {
  const lookups = randomBytes(2 * LOOKUP_BYTES);
  const [secret, receipt] = [lookups.subarray(0, LOOKUP_BYTES), lookups.subarray(LOOKUP_BYTES)];
  const days = { secret: dayAfter(TTL_SECONDS), receipt: dayAfter(2 * TTL_SECONDS) };
  const sealed = {
    ttlSeconds: TTL_SECONDS,
    ciphertext: CIPHERTEXT,
    sealedSecretKey: SEALED_KEY,
    sealedShortId: SEALED_KEY,
  };
  await insertPair(pool, { secret, receipt, ...sealed }, days, addresses);
  await findSecret(pool, secret, days, addresses);
  await claimSecret(pool, { secret, receipt }, days, addresses);
}
