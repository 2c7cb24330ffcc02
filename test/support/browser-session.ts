import type { Region } from '../../src/config/region.js';
import {
  csrfTokenOf,
  hashSessionValue,
  newSessionValue,
  type SessionValue,
} from '../../src/accounts/sessions/session-value.js';
import { query } from './region-database.js';

const EU = 'eu' as Region;

interface SessionInsert {
  readonly text: string;
  readonly values: unknown[];
}

/** Signs the account in by a browser, without its pages. Returns the headers of the browser's requests. */
export async function browserSession(
  gateway: { readonly dataDir: string },
  email: string,
  origin: string,
): Promise<Readonly<Record<string, string>>> {
  const insert = (statement: SessionInsert) => query(gateway, 'eu', statement);
  return { ...(await insertSession(insert, email)), origin };
}

/** The same by a statement of the caller's. */
export async function insertSession(
  run: (insert: SessionInsert) => Promise<unknown>,
  email: string,
): Promise<Readonly<Record<string, string>>> {
  const value = newSessionValue();
  await run({
    text: `insert into sessions (value_hash, account_id, method, agent, network, last_seen_from, expires_at)
      select $1, id, 'password', 'Firefox, Linux', '203.0.113.0/24', '203.0.113.0/24', now() + interval '1 day'
      from accounts where email_key = lower($2)`,
    values: [hashSessionValue(value, EU), email],
  });
  return browserHeaders(value);
}

export function browserHeaders(value: SessionValue): Readonly<Record<string, string>> {
  return { cookie: `__Host-session=${value}`, 'x-csrf-token': csrfTokenOf(value, EU) };
}
