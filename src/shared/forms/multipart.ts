import { AppError } from '../app-error.js';
import { readMediaType } from './media-type.js';
import { readFormPart, type FormPart } from './form-part.js';
import { requireFewFields, type Field } from './wire-field.js';

// The first line that is not blank, if the headers of a form's part follow it. It gives the boundary when the Content-Type is
// missing or wrong. Every repetition is bounded: a mebibyte of blanks must not be walked from 200 places. Text before it would make it ambiguous, so a preamble is skipped only for a declared boundary.
const OPENING =
  /^(?:\xef\xbb\xbf)?(?:[ \t]{0,99}\r?\n){0,99}--([^\r\n]{1,200}?)[ \t]{0,99}\r?\n(?=(?:[^\r\n]+\r?\n){0,8}?content-disposition:)/i;
const EMPTY_FORM = /^(?:\xef\xbb\xbf)?(?:[ \t]{0,99}\r?\n){0,99}--([^\r\n]{1,200})--[ \t\r\n]*$/;

/**
 * Reads multipart/form-data (RFC 2046 section 5.1, RFC 7578), detected by its bytes; returns null for any other format.
 * The platform's reader requires the boundary in the Content-Type, CRLF, and no preamble; some clients send otherwise.
 * Throws AppError `invalid_request` when the body ends before its closing line, or a part cannot be read.
 */
export function readMultipart(body: Buffer, contentType: string | undefined): Field[] | null {
  const parts = partsOf(body, contentType);
  if (parts === null) return null;
  const charset = charsetOf(parts);
  return parts.map(({ name, decode }) => [name, decode(charset)]);
}

/** The values of one field; the other parts are not decoded. As readMultipart() in all else. */
export function readMultipartField(
  body: Buffer,
  contentType: string | undefined,
  field: string,
): string[] | null {
  const parts = partsOf(body, contentType);
  if (parts === null) return null;
  const own = parts.filter(({ name }) => name === field);
  return own.map(({ decode }) => decode(charsetOf(parts)));
}

function partsOf(body: Buffer, contentType: string | undefined): FormPart[] | null {
  // One character per byte.
  const text = body.toString('latin1');
  const parts = cutDeclared(text, contentType) ?? cutDetected(text);
  if (parts === null) return null;
  return requireFewFields(parts)
    .map(readFormPart)
    .filter((part) => part !== null);
}

function cutDeclared(text: string, contentType: string | undefined): string[] | null {
  const type = readMediaType(contentType);
  const boundary = type?.type === 'multipart' ? type.params.get('boundary') : null;
  return boundary ? cutParts(text, boundary) : null;
}

function cutDetected(text: string): string[] | null {
  const boundary = (OPENING.exec(text) ?? EMPTY_FORM.exec(text))?.[1];
  return boundary === undefined ? null : cutParts(text, boundary);
}

/**
 * The parts between the delimiters, without preamble and epilogue; null when no line is a delimiter. The newline before a
 * delimiter belongs to the delimiter, so a value keeps its own newlines.
 */
function cutParts(text: string, boundary: string): string[] | null {
  const newline = newlineAfter(text, boundary);
  if (newline === null) return null;
  const delimiter = new RegExp(
    `(?:^(?:\\xef\\xbb\\xbf)?|${newline})--${literal(boundary)}(--)?[ \\t]*(?=${newline}|$)`,
    'g',
  );
  const parts: string[] = [];
  let start: number | null = null;
  for (const match of text.matchAll(delimiter)) {
    if (start !== null) parts.push(text.slice(start, match.index));
    if (match[1] !== undefined) return parts;
    start = match.index + match[0].length;
  }
  throw new AppError('invalid_request', 'The multipart body is incomplete');
}

/** The newline of the first delimiter as a pattern. With bare LF a CR belongs to the value; with CRLF both are accepted. */
function newlineAfter(text: string, boundary: string): '\\n' | '\\r?\\n' | null {
  const first = new RegExp(
    `(?:^(?:\\xef\\xbb\\xbf)?|\\n)--${literal(boundary)}(?:--)?[ \\t]*(\\r?\\n|$)`,
  ).exec(text);
  if (first === null) return null;
  return first[1] === '\n' ? '\\n' : '\\r?\\n';
}

/** A field `_charset_` names the charset of the parts that declare none (RFC 7578 section 4.6). */
function charsetOf(parts: readonly FormPart[]): string {
  return parts.find(({ name }) => name === '_charset_')?.decode('utf-8') ?? 'utf-8';
}

function literal(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
