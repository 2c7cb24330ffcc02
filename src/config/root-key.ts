/** 32 random bytes from which every key of a region is derived. Stored records name the version. */
export interface RootKey {
  readonly version: number;
  readonly bytes: Buffer;
}

/** A region's root keys, the current one first. An old key stays while data sealed under it exists. */
export type RootKeys = readonly [RootKey, ...RootKey[]];

const KEY_BYTES = 32;
const DISTINCT_BYTES_MIN = 16;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;
const ENTRY = /^(?:(\d{1,4}):)?([^:]+)$/;

/**
 * Reads `BASE64` (version 1) or `2:BASE64,1:BASE64`, current first.
 * @throws an Error that does not contain the key
 */
export function parseRootKeys(text: string): RootKeys {
  const keys = text.split(',').map((entry) => parseRootKey(entry.trim()));
  const versions = new Set(keys.map((key) => key.version));
  if (versions.size !== keys.length) throw new Error('two keys have the same version');
  if (new Set(keys.map(({ bytes }) => bytes.toString('hex'))).size !== keys.length)
    throw new Error('two versions are the same key');
  return keys as unknown as RootKeys;
}

function parseRootKey(entry: string): RootKey {
  const [, version, base64] = ENTRY.exec(entry) ?? [];
  if (base64 === undefined || !BASE64.test(base64)) {
    throw new Error(
      'expected 32 bytes in base64, or VERSION:BASE64 pairs with commas between them',
    );
  }
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== KEY_BYTES) throw new Error('expected exactly 32 bytes');
  if (isWeak(bytes))
    throw new Error('the key is not random; make one with: openssl rand -base64 32');
  const number = version === undefined ? 1 : Number(version);
  if (number < 1) throw new Error('versions start at 1');
  return { version: number, bytes };
}

/** Few distinct bytes, text, or a constant step between bytes. Refuses one of 10^13 random keys. */
function isWeak(bytes: Buffer): boolean {
  const steps = new Set(bytes.subarray(1).map((byte, index) => byte - (bytes[index] ?? 0)));
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return new Set(bytes).size < DISTINCT_BYTES_MIN || isText || steps.size <= 2;
}
