import { AppError } from '../../shared/app-error.js';
import { requireFewFields, requireUtf8Bytes, type Field } from './wire-field.js';

// The first line, if the headers of a form's part follow it. It gives the boundary, because the Content-Type may be
// missing or wrong.
const OPENING = /^--([^\r\n]{1,200}?)[ \t]*(\r?\n)(?=(?:[^\r\n]+\r?\n){0,8}?content-disposition:)/i;
const EMPTY_FORM = /^--[^\r\n]{1,200}--\s*$/;
const NAME =
  /^content-disposition:[ \t]*form-data\b[^\r\n]*?;[ \t]*name=(?:"([^"\r\n]*)"|([^";\s]+))/im;

/**
 * Reads multipart/form-data (RFC 7578), detected by its bytes; returns null for any other format.
 * The platform's reader requires the boundary in the Content-Type and CRLF; some clients send neither.
 * Throws AppError `invalid_request` when the body ends before its closing line, or is not UTF-8.
 */
export function readMultipart(body: Buffer): Field[] | null {
  const text = body.toString('latin1');
  if (EMPTY_FORM.test(text)) return [];
  const [opening, boundary, newline] = OPENING.exec(text) ?? [];
  if (opening === undefined || boundary === undefined || newline === undefined) return null;
  const parts = cutParts(text.slice(opening.length), boundary, newline);
  return requireFewFields(parts).flatMap((part) => readPart(part, newline));
}

/** The newline before a delimiter belongs to the delimiter, so a value keeps its own newlines. */
function cutParts(text: string, boundary: string, newline: string): string[] {
  const delimiter = new RegExp(`${newline}--${literal(boundary)}(--)?[ \\t]*(?:${newline}|$)`, 'g');
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(delimiter)) {
    parts.push(text.slice(start, match.index));
    start = match.index + match[0].length;
    if (match[1] !== undefined) return parts;
  }
  throw new AppError('invalid_request', 'The multipart body is incomplete');
}

function readPart(part: string, newline: string): Field[] {
  const headersEnd = part.indexOf(newline + newline);
  if (headersEnd === -1) return [];
  const [, quoted, bare] = NAME.exec(part.slice(0, headersEnd)) ?? [];
  const name = quoted ?? bare;
  if (name === undefined) return [];
  const value = part.slice(headersEnd + 2 * newline.length);
  return [[requireUtf8Bytes(name), requireUtf8Bytes(value)]];
}

function literal(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
