import { isUtf8 } from 'node:buffer';
import { AppError } from '../../shared/app-error.js';

/** One parameter as the caller wrote it. */
export type Field = readonly [name: string, value: string];

/** More than any client sends; a body of a million empty pairs is not worth reading. */
const FIELDS_MAX = 1000;

/**
 * Text from bytes, unchanged: a byte order mark stays, and no byte is replaced.
 * Throws AppError `invalid_request` when they are not UTF-8: storing something else than was sent is the worse answer.
 */
export function requireUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new AppError('invalid_request', 'The request is not valid UTF-8');
  return bytes.toString('utf8');
}

/** The same for text that holds one byte per character (latin1), as the readers of bodies cut it. */
export function requireUtf8Bytes(bytesAsText: string): string {
  return requireUtf8(Buffer.from(bytesAsText, 'latin1'));
}

/** Throws AppError `invalid_request` when there are more than a thousand. */
export function requireFewFields<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length > FIELDS_MAX) throw new AppError('invalid_request', 'Too many parameters');
  return items;
}
