import { isUtf8 } from 'node:buffer';
import { AppError } from '../app-error.js';

/** One parameter as the caller wrote it. */
export type Field = readonly [name: string, value: string];

/** More than any client sends. Bounds the work for a body of a million empty pairs. */
const FIELDS_MAX = 1000;

/**
 * Decodes bytes unchanged: a byte order mark stays, and no byte is replaced.
 * Throws AppError `invalid_request` when they are not UTF-8: a value must not be stored otherwise than it was sent.
 */
export function requireUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new AppError('invalid_request', 'The request is not valid UTF-8');
  return bytes.toString('utf8');
}

/** The same for latin1 text, one character per byte, which the readers of bodies produce. */
export function requireUtf8Bytes(bytesAsText: string): string {
  return requireUtf8(Buffer.from(bytesAsText, 'latin1'));
}

/** The same for a text of JSON: `"\ud800"` is valid there, but a lone surrogate has no UTF-8. */
export function requireWellFormed(text: string): string {
  if (!text.isWellFormed()) throw new AppError('invalid_request', 'The request is not valid UTF-8');
  return text;
}

/** Throws AppError `invalid_request` for more than FIELDS_MAX items. */
export function requireFewFields<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length > FIELDS_MAX) throw new AppError('invalid_request', 'Too many parameters');
  return items;
}
