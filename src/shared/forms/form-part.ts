import { AppError } from '../app-error.js';
import { readMediaType } from './media-type.js';
import { requireUtf8Bytes } from './wire-field.js';

/** One part of a form. */
export interface FormPart {
  readonly name: string;
  /** The value. `charset` counts unless the part declares its own. */
  readonly decode: (charset: string) => string;
}

const NEWLINE = /^\r?\n/;
const END_OF_HEADERS = /\r?\n\r?\n/;
const FOLDED = /\r?\n[ \t]+/g;
const PARAMETER = /[ \t]*;[ \t]*(?:([^\s=;"]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+)))?/y;
/** More than any client sends before a value. Bounds the work for a body of headers. */
const HEADERS_LENGTH_MAX = 16 * 1024;
const HEADERS_MAX = 32;
/** Encodings that leave the bytes as they are. RFC 7578 section 4.7 deprecates the header. */
const PLAIN_ENCODINGS = new Set(['', '7bit', '8bit', 'binary']);
const UTF8_CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/**
 * Reads what is between two delimiters, one character per byte; null for nothing at all.
 * Throws AppError `invalid_request` for a part without a name: to drop it could be to drop a passphrase.
 */
export function readFormPart(text: string): FormPart | null {
  const part = text.replace(NEWLINE, '');
  if (part === '') return null;
  const { headers, value } = split(part);
  const name = nameIn(headers.get('content-disposition') ?? '');
  if (name === null) throw unreadable('A part of the multipart body has no name');
  const type = readMediaType(headers.get('content-type'));
  const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
  if (type?.type === 'multipart' || !PLAIN_ENCODINGS.has(encoding))
    throw unreadable('A part of the multipart body is encoded or nested');
  const declared = type?.params.get('charset') ?? null;
  return { name, decode: (charset) => decodeBytes(value, declared ?? charset) };
}

/** A part has headers, a blank line and a value, but RFC 2046 allows it to end after either. */
function split(part: string): { headers: ReadonlyMap<string, string>; value: string } {
  if (NEWLINE.test(part)) return { headers: new Map(), value: part.replace(NEWLINE, '') };
  const end = END_OF_HEADERS.exec(part);
  if (end === null) return { headers: readHeaders(part), value: '' };
  return {
    headers: readHeaders(part.slice(0, end.index)),
    value: part.slice(end.index + end[0].length),
  };
}

function readHeaders(block: string): ReadonlyMap<string, string> {
  const lines = block.length > HEADERS_LENGTH_MAX ? [] : block.replace(FOLDED, ' ').split(/\r?\n/);
  if (lines.length === 0 || lines.length > HEADERS_MAX)
    throw unreadable('The headers of a multipart part are too long');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

/** The parameter `name`, and not one inside another's quotes. */
function nameIn(disposition: string): string | null {
  const [, type = ''] = /^([^\s;]*)/.exec(disposition) ?? [];
  if (type.toLowerCase() !== 'form-data') return null;
  PARAMETER.lastIndex = type.length;
  for (let found = PARAMETER.exec(disposition); found; found = PARAMETER.exec(disposition)) {
    const [, parameter, quoted, token] = found;
    if (parameter?.toLowerCase() === 'name') return unescapeName(quoted ?? token ?? '');
  }
  return null;
}

/** Browsers write `"`, CR and LF as escapes of a URL, other clients a backslash before `"`. */
function unescapeName(name: string): string {
  const plain = name
    .replace(/\\(["\\])/g, '$1')
    .replace(/%(22|0d|0a)/gi, (_escape, hex: string) => {
      return String.fromCharCode(Number.parseInt(hex, 16));
    });
  return requireUtf8Bytes(plain);
}

function decodeBytes(bytesAsText: string, charset: string): string {
  const label = charset.trim().toLowerCase();
  if (UTF8_CHARSETS.has(label)) return requireUtf8Bytes(bytesAsText);
  try {
    const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    return decoder.decode(Buffer.from(bytesAsText, 'latin1'));
  } catch {
    throw unreadable('A part of the multipart body is not valid in its charset');
  }
}

function unreadable(message: string): AppError {
  return new AppError('invalid_request', message);
}
