import { KEY_LENGTH } from './receipt.js';

const FOREIGN = /[^A-Za-z0-9_-]/g;
const LENGTH_MAX = 100;
/** More noise than any program adds. */
const NOISY_LENGTH_MAX = 1000;

/**
 * The key in the path of an API call, as it is looked up and echoed: at most 100 characters, without those that no key
 * has. Pages read it by findLinkKey().
 */
export function readLinkKey(param: string): string {
  return param.replace(FOREIGN, '').slice(0, LENGTH_MAX);
}

const NOT_IN_KEYS = /[^0-9a-z]+/;
// RFC 2045 section 6.7: `=` at the end of a line continues it, and `=20` is a byte.
const SOFT_BREAK = /=[ \t]*\r?\n/g;
const QUOTED_BYTE = /=([0-9a-f]{2})/gi;
const ESCAPED_BYTE = /%([0-9a-f]{2})/gi;
const MARKUP = /&#?\w{1,8};|<\/?\w{1,8} ?\/?>/g;

type Pieces = readonly string[];

/**
 * The key in a link that mail programs, chats, printers, scanners or people have changed; null when there is none. A
 * key is exactly 31 characters of base36 in lower case. All other characters before, behind and inside it are noise, and
 * an upper case letter can only mean its lower case. It guesses nothing: `l` and `1`, `o` and `0` all occur in keys.
 */
export function findLinkKey(text: string): string | null {
  const readings = readingsOf(text).map(piecesOf);
  return (
    firstOf(readings, wholeIn) ??
    firstOf(readings, splitIn) ??
    firstOf(readings.toReversed(), leadingIn)
  );
}

/**
 * What the text may have been: as it is, without escapes, without the soft breaks and the encoding of quoted-printable,
 * without markup.
 */
export function readingsOf(text: string): readonly string[] {
  const noisy = text.slice(0, NOISY_LENGTH_MAX);
  const unescaped = bytesIn(noisy.normalize('NFKC'), ESCAPED_BYTE);
  const joined = unescaped.replace(SOFT_BREAK, '');
  const unquoted = bytesIn(joined, QUOTED_BYTE);
  return [noisy, unescaped, joined, unquoted, unquoted.replace(MARKUP, ' ')];
}

function piecesOf(text: string): Pieces {
  const pieces = text.normalize('NFKC').toLowerCase().split(NOT_IN_KEYS);
  return pieces.filter((piece) => piece !== '');
}

/** `KEY&fbclid=abc`, `<KEY>`, `KEY).` */
function wholeIn(pieces: Pieces): string | null {
  return pieces.find((piece) => piece.length === KEY_LENGTH) ?? null;
}

/** `KE Y`: blanks, line breaks or characters without width inside. */
function splitIn(pieces: Pieces): string | null {
  for (const start of pieces.keys()) {
    const joined = joinedFrom(pieces, start);
    if (joined.length === KEY_LENGTH) return joined;
  }
  return null;
}

/** `KEYnext`: a word follows without a space. */
function leadingIn(pieces: Pieces): string | null {
  const joined = joinedFrom(pieces, 0);
  return joined.length > KEY_LENGTH ? joined.slice(0, KEY_LENGTH) : null;
}

/** The pieces from `start` on, until they are as long as a key. */
function joinedFrom(pieces: Pieces, start: number): string {
  let joined = '';
  for (let index = start; index < pieces.length && joined.length < KEY_LENGTH; index += 1)
    joined += pieces[index];
  return joined;
}

function bytesIn(text: string, escape: RegExp): string {
  return text.replace(escape, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function firstOf(
  readings: readonly Pieces[],
  find: (pieces: Pieces) => string | null,
): string | null {
  for (const pieces of readings) {
    const key = find(pieces);
    if (key !== null) return key;
  }
  return null;
}
