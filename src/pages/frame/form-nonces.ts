import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { CellConfig } from '../../config/cell-config.js';
import type { RootKey } from '../../config/root-key.js';

const RANDOM_BYTES = 16;
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
 * The nonce in each form that is shown: random, and signed for this form, key, host and account. Nothing is stored for
 * it, and every process of the region can check it.
 */
@Injectable()
export class FormNonces {
  readonly #macKeys: readonly Buffer[];

  constructor(config: CellConfig) {
    this.#macKeys = config.rootKeys.map((root) => macKeyOf(root, config.region));
  }

  issue(caller: Caller, name: FormName): string {
    const random = randomBytes(RANDOM_BYTES);
    const [current = NO_SALT] = this.#macKeys;
    return Buffer.concat([random, macOf(current, random, caller, name)]).toString('base64url');
  }

  /** Whether this region issued the nonce for this form and caller, under any of its root keys. */
  isValid(nonce: string, caller: Caller, name: FormName): boolean {
    if (!NONCE.test(nonce)) return false;
    const bytes = Buffer.from(nonce, 'base64url');
    const [random, mac] = [bytes.subarray(0, RANDOM_BYTES), bytes.subarray(RANDOM_BYTES)];
    return this.#macKeys.some((key) => timingSafeEqual(mac, macOf(key, random, caller, name)));
  }
}

function macKeyOf({ bytes }: RootKey, region: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', bytes, NO_SALT, `onetime form nonces ${region}`, KEY_BYTES),
  );
}

function macOf(
  macKey: Buffer,
  random: Buffer,
  { tenant, account }: Caller,
  { form, key }: FormName,
): Buffer {
  const signed = [form, key, tenant.hostname, account?.id ?? null, random.toString('base64')];
  const mac = createHmac('sha256', macKey).update(JSON.stringify(signed)).digest();
  return mac.subarray(0, MAC_BYTES);
}
