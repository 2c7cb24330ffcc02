import type { Pool } from 'pg';

/** The statements of a share and its reveal: nothing but the two rows. */
export type PairStatements = Readonly<Record<'insert' | 'find' | 'claim', NamedStatement>>;

interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/** `partitions`: the day's partitions by name. `tables`: the same on the whole tables. */
export type Addresses = 'partitions' | 'tables';

export interface PairDays {
  /** Such as `2026-11-27`. */
  readonly secret: string;
  readonly receipt: string;
}

export interface NewPair {
  readonly secret: Buffer;
  readonly receipt: Buffer;
  readonly ttlSeconds: number;
  readonly ciphertext: Buffer;
  readonly sealedSecretKey: Buffer;
  readonly sealedShortId: Buffer;
}

/** The day on which a row expires, by the clock of this process. */
export function dayAfter(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().slice(0, 10);
}

export async function insertPair(
  pool: Pool,
  pair: NewPair,
  days: PairDays,
  addresses: Addresses,
): Promise<Date> {
  const { rows } = await pool.query<{ created_at: Date }>({
    ...statementsOf(days, addresses).insert,
    values: [
      pair.secret,
      days.secret,
      pair.receipt,
      days.receipt,
      pair.ttlSeconds,
      pair.ciphertext,
      pair.sealedSecretKey,
      pair.sealedShortId,
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a secret was not inserted');
  return row.created_at;
}

export async function findSecret(
  pool: Pool,
  secret: Buffer,
  days: PairDays,
  addresses: Addresses,
): Promise<{ readonly receipt_lookup: Buffer; readonly ciphertext: Buffer }> {
  const { rows } = await pool.query<{ receipt_lookup: Buffer; ciphertext: Buffer }>({
    ...statementsOf(days, addresses).find,
    values: [secret, days.secret],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a secret was not found');
  return row;
}

export async function claimSecret(
  pool: Pool,
  { secret, receipt }: Pick<NewPair, 'secret' | 'receipt'>,
  days: PairDays,
  addresses: Addresses,
): Promise<void> {
  const { rowCount } = await pool.query({
    ...statementsOf(days, addresses).claim,
    values: [secret, days.secret, receipt, days.receipt],
  });
  if (rowCount !== 1) throw new Error('a secret was not claimed');
}

const known = new Map<string, PairStatements>();

function statementsOf(days: PairDays, addresses: Addresses): PairStatements {
  const key = `${addresses} ${days.secret} ${days.receipt}`;
  const made = known.get(key) ?? makeStatements(days, addresses === 'partitions');
  known.set(key, made);
  return made;
}

function makeStatements(days: PairDays, isNamed: boolean): PairStatements {
  const suffix = isNamed ? `_${days.secret}_${days.receipt}` : '';
  const secrets = isNamed ? `secrets_${days.secret.replaceAll('-', '')}` : 'secrets';
  const receipts = isNamed ? `receipts_${days.receipt.replaceAll('-', '')}` : 'receipts';
  return {
    insert: {
      name: `insert${suffix}`,
      text: `with secret as (
          insert into ${secrets} (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
          values ($1, $2, now() + make_interval(secs => $5::int), $3, $4, 1, $6)
        )
        insert into ${receipts} (lookup, expires_on, expires_at, secret_lookup, secret_expires_on, secret_expires_at,
          key_version, has_passphrase, ttl_seconds, sealed_secret_key, sealed_short_id, kind, recipients)
        values ($3, $4, now() + 2 * make_interval(secs => $5::int), $1, $2, now() + make_interval(secs => $5::int),
          1, false, $5, $7, $8, 'share', '{}')
        returning created_at`,
    },
    find: {
      name: `find${suffix}`,
      text: `select receipt_lookup, receipt_expires_on::text, key_version, salt, ciphertext, domain, created_at, expires_at
        from ${secrets} where lookup = $1 and expires_on = $2 and expires_at > now()`,
    },
    claim: {
      name: `claim${suffix}`,
      text: `with claimed as (
          delete from ${secrets} where lookup = $1 and expires_on = $2 and expires_at > now() returning 1
        ), receipt as (
          update ${receipts} set state = 'received', sealed_secret_key = null, updated_at = now(), received_at = now()
          where lookup = $3 and expires_on = $4 and exists (select from claimed)
        )
        select now() from claimed`,
    },
  };
}
