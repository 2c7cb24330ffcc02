import { query } from './region-database.js';

/** Work that waits, and counters: they come and go by themselves. */
const PASSING = [
  'account_changes',
  'domain_changes',
  'mails',
  'outbox',
  'rate_limits',
  'webhook_attempts',
  'webhook_deliveries',
  'write_probes',
];

/** What background work writes into rows at its own time. */
const OWN_TIME = [
  'checked_at',
  'next_check_at',
  'last_used_on',
  'last_used_from',
  'last_seen_at',
  'last_seen_from',
  // Of a webhook.
  'failures',
  'failing_since',
  'rest_until',
  'succeeded_at',
  'next_at',
  'lease_owner',
  'fence',
  'leased_until',
];

/** No check of a domain comes by itself from now on: it would change rows in the middle of a test. */
export async function postponeChecks(
  gateway: { readonly dataDir: string },
  region: string,
): Promise<void> {
  const text = `update domains set next_check_at = now() + interval '1 day'`;
  await query(gateway, region, { text });
}

/**
 * Every row of a region's database that has one of these words, as one text for each table: what an account has, in
 * tables that a later migration adds too.
 */
export async function rowsWith(
  gateway: { readonly dataDir: string },
  region: string,
  words: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables = await query(gateway, region, {
    text: `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> all($1) order by 1`,
    values: [PASSING],
  });
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await query(gateway, region, {
      text: `select (to_jsonb(t) - $2::text[])::text as row from ${String(name)} t
        where exists (select 1 from unnest($1::text[]) word where position(word in to_jsonb(t)::text) > 0)
        order by 1`,
      values: [words, OWN_TIME],
    });
    if (rows.length > 0) found[String(name)] = rows.map(({ row }) => String(row));
  }
  return found;
}
