import { requireFewFields, requireUtf8, type Field } from './wire-field.js';

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/**
 * Reads `a=1&b=2`, a body or a query string. A `%` that does not start an escape is kept.
 * Throws AppError `invalid_request` when a name or a value is not UTF-8.
 */
export function readUrlencoded(body: Buffer): Field[] {
  return pairsIn(body).map((pair) => {
    const cut = pair.indexOf(EQUALS);
    return cut === -1
      ? [decode(pair), '']
      : [decode(pair.subarray(0, cut)), decode(pair.subarray(cut + 1))];
  });
}

/** The same for a body, without the byte order mark and blank lines in front: they are no part of the first name. */
export function readUrlencodedBody(body: Buffer): Field[] {
  const hasMark = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  let start = hasMark ? 3 : 0;
  while (body[start] === 0x0d || body[start] === 0x0a) start += 1;
  return readUrlencoded(body.subarray(start));
}

/** Byte by byte, and no longer than there are few: split() would make a million strings of a body of separators. */
function pairsIn(body: Buffer): readonly Buffer[] {
  const pairs: Buffer[] = [];
  let start = 0;
  for (let index = 0; index <= body.length; index += 1) {
    if (index < body.length && body[index] !== AMPERSAND) continue;
    if (index > start) pairs.push(body.subarray(start, index));
    requireFewFields(pairs);
    start = index + 1;
  }
  return pairs;
}

/** Escaped and raw UTF-8 become the same bytes. */
function decode(text: Buffer): string {
  if (!text.includes(PERCENT) && !text.includes(PLUS)) return requireUtf8(text);
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    const escaped = byte === PERCENT ? escapedAt(text, index) : null;
    bytes[length] = escaped ?? (byte === PLUS ? SPACE : byte);
    length += 1;
    if (escaped !== null) index += 2;
  }
  return requireUtf8(bytes.subarray(0, length));
}

/** The byte that `%` and two hexadecimal digits stand for; null when they do not follow. */
function escapedAt(text: Buffer, index: number): number | null {
  const high = digitOf(text[index + 1]);
  const low = digitOf(text[index + 2]);
  return high === null || low === null ? null : high * 16 + low;
}

function digitOf(byte = 0): number | null {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  // Lower case.
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : null;
}
