import { AppError } from '../app-error.js';

/** Marks between the values of a JSON text, as `,` and `:`. A thousand named values have two thousand. */
const MARKS_MAX = 5000;
const MARKS = new Set(Array.from(',:[{', (mark) => mark.charCodeAt(0)));
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Throws AppError `invalid_request` for JSON with more values than any client sends, before it is parsed: a mebibyte of
 * small values takes a third of a second. The length of a string does not count.
 */
export function requireFewJsonValues(text: Buffer): void {
  let marks = 0;
  let isString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    if (byte === QUOTE) isString = !isString;
    else if (isString && byte === BACKSLASH) index += 1;
    else if (!isString && MARKS.has(byte)) marks += 1;
    if (marks > MARKS_MAX) throw new AppError('invalid_request', 'Too many parameters');
  }
}
