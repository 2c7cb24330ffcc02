import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../account.js';

const VALID_FOR = `interval '5 minutes'`;

/** What a challenge was made for. `accountId` of a sign-up is the one that the account will have. */
export type ChallengePurpose =
  | { readonly purpose: 'sign_in'; readonly accountId: null }
  | { readonly purpose: 'add' | 'sign_up'; readonly accountId: AccountId };

const INSERT = `
  insert into passkey_challenges (challenge_hash, purpose, account_id, expires_at)
  values ($1, $2, $3, now() + ${VALID_FOR})`;

const TAKE = `
  delete from passkey_challenges
  where challenge_hash = $1 and purpose = $2 and account_id is not distinct from $3 and expires_at > now()`;

/** Challenges that browsers sign. Each is deleted by the statement that reads it, whatever it is read for. */
@Injectable()
export class PasskeyChallenges {
  constructor(private readonly dataSource: DataSource) {}

  async issue({ purpose, accountId }: ChallengePurpose): Promise<Buffer> {
    const challenge = randomBytes(32);
    const hash = hashOf(challenge.toString('base64url'));
    await this.dataSource.query(INSERT, [hash, purpose, accountId]);
    return challenge;
  }

  /** True once. @param challenge in base64url */
  async take(challenge: string, { purpose, accountId }: ChallengePurpose): Promise<boolean> {
    const values = [hashOf(challenge), purpose, accountId];
    const [, taken] = await this.dataSource.query<[unknown[], number]>(TAKE, values);
    return taken === 1;
  }
}

function hashOf(challenge: string): Buffer {
  return createHash('sha256').update(challenge).digest();
}
