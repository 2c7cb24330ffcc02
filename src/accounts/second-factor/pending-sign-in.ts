import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { AccountId } from '../account.js';
import type { SignInMethod } from '../sessions/session.js';

/** The value of the cookie of a sign-in that waits for the second factor. Never log it. */
export type PendingValue = string & z.$brand<'PendingValue'>;

export const PENDING_MINUTES = 10;
const TRIES = 5;

export interface PendingSignIn {
  readonly accountId: AccountId;
  readonly method: Exclude<SignInMethod, 'passkey'>;
}

const INSERT = `
  insert into pending_sign_ins (value_hash, account_id, method, tries_left, expires_at)
  values ($1, $2, $3, ${TRIES}, now() + interval '${PENDING_MINUTES} minutes')`;

// Of many tries at once, each takes one.
const TAKE_TRY = `
  update pending_sign_ins set tries_left = tries_left - 1
  where value_hash = $1 and tries_left > 0 and expires_at > now()
  returning account_id as "accountId", method`;

const WAYS_ON = `
  select exists (select from passkeys k where k.account_id = p.account_id) as "hasPasskey"
  from pending_sign_ins p where value_hash = $1 and tries_left > 0 and expires_at > now()`;

/** The caller has locked the account and found it active. */
export async function beginPending(
  manager: EntityManager,
  { accountId, method }: PendingSignIn,
): Promise<PendingValue> {
  const value = randomBytes(32).toString('base64url') as PendingValue;
  await manager.query(INSERT, [hashOf(value), accountId, method]);
  return value;
}

/** Uses up one of its tries. Null when it is none, has ended, or has no try left. */
export async function takeTry(
  manager: EntityManager,
  value: string,
): Promise<PendingSignIn | null> {
  const [[pending]] = await manager.query<[PendingSignIn[], number]>(TAKE_TRY, [hashOf(value)]);
  return pending ?? null;
}

/** By what a sign-in that waits may go on, beside the codes of the authenticator app. */
export interface WaysOn {
  readonly hasPasskey: boolean;
}

/** Null when it does not wait any more. */
export async function waysOn(manager: EntityManager, value: string): Promise<WaysOn | null> {
  const [ways] = await manager.query<WaysOn[]>(WAYS_ON, [hashOf(value)]);
  return ways ?? null;
}

/** False when another try has ended it, or a change of the account. */
export async function endPending(manager: EntityManager, value: string): Promise<boolean> {
  const [, ended] = await manager.query<[unknown[], number]>(
    'delete from pending_sign_ins where value_hash = $1',
    [hashOf(value)],
  );
  return ended === 1;
}

function hashOf(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
