import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** A share and its reveal by the best SQL, one pair at a time on each connection: insert, find, claim. */
export interface DirectSqlLoad {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly seconds: number;
  /** `partitions`: the day's partitions by name, and nothing but the two rows. `tables`: the same on the whole tables. */
  readonly addresses: 'partitions' | 'tables';
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
      await insertFindClaim(pool, addresses === 'partitions');
      operations += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { operations, seconds: (performance.now() - startedAt) / 1000 };
});

async function insertFindClaim(pool: Pool, isNamed: boolean): Promise<void> {
  const lookups = randomBytes(2 * LOOKUP_BYTES);
  const [secret, receipt] = [lookups.subarray(0, LOOKUP_BYTES), lookups.subarray(LOOKUP_BYTES)];
  const [secretDay, receiptDay] = [dayAfter(TTL_SECONDS), dayAfter(2 * TTL_SECONDS)];
  const days = isNamed ? `_${secretDay}_${receiptDay}` : '';
  const secrets = isNamed ? `secrets_${secretDay.replaceAll('-', '')}` : 'secrets';
  const receipts = isNamed ? `receipts_${receiptDay.replaceAll('-', '')}` : 'receipts';
  await pool.query({
    name: `insert${days}`,
    text: `with secret as (
        insert into ${secrets} (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
        values ($1, $2, now() + make_interval(secs => $5::int), $3, $4, 1, $6)
      )
      insert into ${receipts} (lookup, expires_on, expires_at, secret_lookup, secret_expires_on, secret_expires_at,
        key_version, has_passphrase, ttl_seconds, sealed_secret_key, sealed_short_id, kind, recipients)
      values ($3, $4, now() + 2 * make_interval(secs => $5::int), $1, $2, now() + make_interval(secs => $5::int),
        1, false, $5, $7, $7, 'share', '{}')
      returning created_at`,
    values: [secret, secretDay, receipt, receiptDay, TTL_SECONDS, CIPHERTEXT, SEALED_KEY],
  });
  const found = await pool.query({
    name: `find${days}`,
    text: `select receipt_lookup, receipt_expires_on::text, key_version, salt, ciphertext, domain, created_at, expires_at
      from ${secrets} where lookup = $1 and expires_on = $2 and expires_at > now()`,
    values: [secret, secretDay],
  });
  const claimed = await pool.query({
    name: `claim${days}`,
    text: `with claimed as (
        delete from ${secrets} where lookup = $1 and expires_on = $2 and expires_at > now() returning 1
      ), receipt as (
        update ${receipts} set state = 'received', sealed_secret_key = null, updated_at = now(), received_at = now()
        where lookup = $3 and expires_on = $4 and exists (select from claimed)
      )
      select now() from claimed`,
    values: [secret, secretDay, receipt, receiptDay],
  });
  if (found.rowCount !== 1 || claimed.rowCount !== 1) throw new Error('a secret was not found');
}

function dayAfter(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().slice(0, 10);
}
