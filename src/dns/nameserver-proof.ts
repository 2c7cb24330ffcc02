import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { RootKey, RootKeys } from '../config/root-key.js';

const NO_SALT = Buffer.alloc(0);
const KEY_BYTES = 32;

/** The name at which a region's name server answers with proofOf(). `nonce`: 32 hexadecimal digits. */
export function proofName(zone: string, nonce: string): string {
  return `_probe-${nonce}.${zone}`;
}

/** Only a gateway of the region can make it. Anybody may ask for it, so it proves nothing else. */
export function proofOf(rootKeys: RootKeys, zone: string, nonce: string): string {
  return tagOf(rootKeys[0], zone, nonce);
}

/** Accepts any root key of the region: replicas load a new one at different times. */
export function isProof(text: string, rootKeys: RootKeys, zone: string, nonce: string): boolean {
  return rootKeys
    .map((root) => {
      const [given, expected] = [Buffer.from(text), Buffer.from(tagOf(root, zone, nonce))];
      return given.length === expected.length && timingSafeEqual(given, expected);
    })
    .includes(true);
}

function tagOf(root: RootKey, zone: string, nonce: string): string {
  const purpose = `onetime name server probe ${zone}`;
  const key = Buffer.from(hkdfSync('sha256', root.bytes, NO_SALT, purpose, KEY_BYTES));
  return createHmac('sha256', key).update(nonce).digest('hex');
}
