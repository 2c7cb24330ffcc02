import type { KeyObject } from 'node:crypto';

/** Of each part. A record must be one character-string, of which the reference verifier reads no more than the first. */
const PART_LENGTH = 196;
const STRING_LENGTH_MAX = 255;
const PARTS_MAX = 9;
const RECORD = /^p=([1-9]),(?:[at]=[A-Za-z0-9]+,)*d=([A-Za-z0-9+/]+={0,2})$/;

/** The values of the TXT records that publish the key: `p=1,a=RS256,d=…`. */
export function publicKeyRecords(key: KeyObject): string[] {
  const text = spkiOf(key);
  const count = Math.ceil(text.length / PART_LENGTH);
  if (count > PARTS_MAX) throw new Error('the key is too long for its TXT records');
  return Array.from({ length: count }, (_, index) => {
    const part = text.slice(index * PART_LENGTH, (index + 1) * PART_LENGTH);
    return `p=${index + 1},a=RS256,d=${part}`;
  });
}

/** The key in base64 that TXT values publish, in whatever order they came; null for none. */
export function readPublicKey(values: readonly string[]): string | null {
  const parts = values.flatMap((value) => {
    const [, place, data] = value.length > STRING_LENGTH_MAX ? [] : (RECORD.exec(value) ?? []);
    return place === undefined || data === undefined ? [] : [{ place: Number(place), data }];
  });
  const sorted = parts.toSorted((one, other) => one.place - other.place);
  const isWhole = sorted.length > 0 && sorted.every(({ place }, index) => place === index + 1);
  return isWhole ? sorted.map(({ data }) => data).join('') : null;
}

/** SubjectPublicKeyInfo in base64. */
export function spkiOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}
