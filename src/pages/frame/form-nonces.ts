import {
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { CellConfig } from '../../config/cell-config.js';
import type { RootKey } from '../../config/root-key.js';
import { Clock } from '../../shared/clock.js';
import { MINUTE, SECOND } from '../../shared/durations.js';

/** The second of its issue, then random bytes. */
const BODY_BYTES = 16;
const TIME_BYTES = 4;
/** Longer than it takes to ask for a passphrase; programs that keep pages send them later. */
const FRESH_FOR = 15 * MINUTE;
const MAC_BYTES = 16;
const KEY_BYTES = 32;
const NONCE = /^[A-Za-z0-9_-]{43}$/;
const NO_SALT = Buffer.alloc(0);

/** A form of a page, and the key in its path; `''` for the form that creates. */
export interface FormName {
  readonly form: 'create' | 'open' | 'burn' | 'value';
  readonly key: string;
}

/**
 * The nonce in each form that is shown: its time and random bytes, signed for this form, key, host and account. Nothing
 * is stored for it, and every process of the region can check it.
 */
@Injectable()
export class FormNonces {
  /** The current root key's first. Key objects: an HMAC with a buffer takes five times as long. */
  readonly #macKeys: readonly [KeyObject, ...KeyObject[]];

  constructor(
    config: CellConfig,
    private readonly clock: Clock,
  ) {
    const [current, ...older] = config.rootKeys;
    const keyOf = (root: RootKey): KeyObject => macKeyOf(root, config.region);
    this.#macKeys = [keyOf(current), ...older.map(keyOf)];
  }

  issue(caller: Caller, name: FormName): string {
    const body = randomBytes(BODY_BYTES);
    body.writeUInt32BE(this.#second());
    return Buffer.concat([body, macOf(this.#macKeys[0], body, caller, name)]).toString('base64url');
  }

  /** Whether this region issued the nonce for this form and caller, under any of its root keys. */
  isValid(nonce: string, caller: Caller, name: FormName): boolean {
    if (!NONCE.test(nonce)) return false;
    const bytes = Buffer.from(nonce, 'base64url');
    const [body, mac] = [bytes.subarray(0, BODY_BYTES), bytes.subarray(BODY_BYTES)];
    return this.#macKeys.some((key) => timingSafeEqual(mac, macOf(key, body, caller, name)));
  }

  /** Whether it is valid, and was issued a short time ago. */
  isFresh(nonce: string, caller: Caller, name: FormName): boolean {
    if (!this.isValid(nonce, caller, name)) return false;
    const issued = Buffer.from(nonce, 'base64url').readUIntBE(0, TIME_BYTES);
    // The clock of another process may be ahead.
    return Math.abs(this.#second() - issued) * SECOND < FRESH_FOR;
  }

  #second(): number {
    return Math.floor(this.clock.now().getTime() / SECOND);
  }
}

function macKeyOf({ bytes }: RootKey, region: string): KeyObject {
  const purpose = `onetime form nonces ${region}`;
  return createSecretKey(Buffer.from(hkdfSync('sha256', bytes, NO_SALT, purpose, KEY_BYTES)));
}

function macOf(
  macKey: KeyObject,
  body: Buffer,
  { tenant, account }: Caller,
  { form, key }: FormName,
): Buffer {
  const signed = [form, key, tenant.hostname, account?.id ?? null, body.toString('base64')];
  const mac = createHmac('sha256', macKey).update(JSON.stringify(signed)).digest();
  return mac.subarray(0, MAC_BYTES);
}
