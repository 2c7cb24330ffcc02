import type { Client } from 'pg';
import type { Region } from '../../config/region.js';
import { AppError } from '../../shared/app-error.js';
import { withBackupConnection } from '../backup/backup-connection.js';
import { FORMAT, FORMAT_VERSION } from './accounts-file.js';

const BATCH = 100;

// A token that was replaced is valid for a while only, and a password alone would sign in where a second factor was asked
// for: what seals that belongs to the region, so its owner sets both up anew.
const ACCOUNTS = `
  declare exported no scroll cursor for
  select json_build_object(
    'id', a.id, 'email', a.email, 'plan', a.plan, 'state', a.state, 'language', a.language,
    'created_at', a.created_at,
    'password', (
      select json_build_object('hash', encode(hash, 'hex'), 'salt', encode(salt, 'hex'),
        'memory', memory, 'passes', passes, 'parallelism', parallelism)
      from account_passwords p where p.account_id = a.id
        and not exists (select from second_factors f where f.account_id = a.id and f.confirmed_at is not null)
    ),
    'tokens', (
      select coalesce(json_agg(json_build_object('name', name, 'scopes', scopes,
        'sha256', encode(token_hash, 'hex'), 'created_at', created_at, 'expires_at', expires_at)
        order by created_at), '[]')
      from api_tokens t where t.account_id = a.id and t.replaced_by is null
        and (t.expires_at is null or t.expires_at > now())
    ),
    'domains', (
      select coalesce(json_agg(json_build_object('hostname', hostname,
        'homepage_enabled', homepage_enabled, 'api_enabled', api_enabled, 'policy', policy,
        'brand', coalesce(look->'brand', '{}'), 'target_label', target_label,
        'main', (select m.hostname from domains m
          where m.id = d.main_id and m.account_id = d.account_id and m.removed_at is null)) order by hostname), '[]')
      from domains d where d.account_id = a.id and d.removed_at is null and d.blocked_at is null
        and d.ownership in ('pending', 'verified', 'lapsed')
    )
  )::text as line
  from accounts a
  where a.state in ('active', 'suspended') and ($1::uuid is null or a.id = $1)
  order by a.id`;

/**
 * Gives the lines of a file with accounts and their domains, as of one instant: hashes of tokens and passwords, and nothing
 * that is sealed. Resolves to the number of accounts.
 * @param accountId null: all that are not being removed
 * @throws AppError `invalid_request` when that one is being removed
 */
export function exportAccounts(
  url: string,
  { region, accountId }: { readonly region: Region; readonly accountId: string | null },
  write: (line: string) => void,
): Promise<number> {
  return withBackupConnection(url, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const header = { region, exported_at: new Date().toISOString() };
    write(JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, ...header }));
    await client.query(ACCOUNTS, [accountId]);
    const count = await fetchAll(client, write);
    if (accountId !== null && count === 0)
      throw new AppError('invalid_request', 'The account is being removed.');
    write(JSON.stringify({ accounts: count }));
    return count;
  });
}

async function fetchAll(client: Client, write: (line: string) => void): Promise<number> {
  for (let count = 0; ;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${BATCH} from exported`);
    for (const { line } of rows) write(line);
    count += rows.length;
    if (rows.length < BATCH) return count;
  }
}
