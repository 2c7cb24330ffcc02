import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CellConfig } from '../../config/cell-config.js';
import type { RootKey } from '../../config/root-key.js';
import { Clock } from '../../shared/clock.js';
import type { AccountId } from '../account.js';

/** What a challenge was made for. `accountId` of a sign-up is the one that the account will have. */
export type ChallengePurpose =
  | { readonly purpose: 'sign_in'; readonly accountId: null }
  | { readonly purpose: 'add' | 'sign_up'; readonly accountId: AccountId };

const INSTANT_BYTES = 6;
const RANDOM_BYTES = 16;
const MAC_BYTES = 16;
const SIGNED_BYTES = INSTANT_BYTES + RANDOM_BYTES;
const KEY_BYTES = 32;
const NO_SALT = Buffer.alloc(0);
const VALID_FOR = `interval '5 minutes'`;
/** Between the clock of a process and that of the database. */
const CLOCKS_DIFFER = `interval '1 minute'`;

// The row says that it was used. It is kept for longer than the challenge is valid.
const TAKE = `
  insert into passkey_challenges (challenge_hash, purpose, account_id, expires_at)
  select $1, $2, $3::uuid, issued_at + ${VALID_FOR}
  from (select to_timestamp($4::float8 / 1000) as issued_at) as challenge
  where issued_at > now() - ${VALID_FOR} and issued_at < now() + ${CLOCKS_DIFFER}
  on conflict (challenge_hash) do nothing`;

/**
 * Challenges that browsers sign. One is random and signed by us, so nothing is stored before it has been used: every view
 * of a sign-in page asks for one (docs/decisions/0034). Every process of the region knows it.
 */
@Injectable()
export class PasskeyChallenges {
  readonly #macKeys: readonly Buffer[];

  constructor(
    config: CellConfig,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {
    this.#macKeys = config.rootKeys.map((root) => macKeyOf(root, config.region));
  }

  issue(asked: ChallengePurpose): Buffer {
    const instant = Buffer.alloc(INSTANT_BYTES);
    instant.writeUIntBE(this.clock.now().getTime(), 0, INSTANT_BYTES);
    const signed = Buffer.concat([instant, randomBytes(RANDOM_BYTES)]);
    const [current = NO_SALT] = this.#macKeys;
    return Buffer.concat([signed, macOf(current, signed, asked)]);
  }

  /** Whether this region issued it for that, under any of its root keys. Uses nothing up. @param challenge in base64url */
  isOurs(challenge: string, asked: ChallengePurpose): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== SIGNED_BYTES + MAC_BYTES) return false;
    const [signed, mac] = [bytes.subarray(0, SIGNED_BYTES), bytes.subarray(SIGNED_BYTES)];
    return this.#macKeys.some((key) => timingSafeEqual(mac, macOf(key, signed, asked)));
  }

  /** True once, within five minutes. Call it for what isOurs(). @param challenge in base64url */
  async take(challenge: string, { purpose, accountId }: ChallengePurpose): Promise<boolean> {
    const bytes = Buffer.from(challenge, 'base64url');
    const hash = createHash('sha256').update(bytes).digest();
    const values = [hash, purpose, accountId, bytes.readUIntBE(0, INSTANT_BYTES)];
    const taken = await this.dataSource.query<unknown[]>(`${TAKE} returning 1`, values);
    return taken.length === 1;
  }
}

function macKeyOf({ bytes }: RootKey, region: string): Buffer {
  const purpose = `onetime passkey challenges ${region}`;
  return Buffer.from(hkdfSync('sha256', bytes, NO_SALT, purpose, KEY_BYTES));
}

function macOf(key: Buffer, signed: Buffer, { purpose, accountId }: ChallengePurpose): Buffer {
  const text = JSON.stringify([purpose, accountId, signed.toString('base64')]);
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}
