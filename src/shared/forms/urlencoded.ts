import { requireFewFields, requireUtf8Bytes, type Field } from './wire-field.js';

const ESCAPE = /%[0-9a-f]{2}/gi;

/**
 * Reads `a=1&b=2`, a body or a query string. A `%` that does not start an escape is kept.
 * Throws AppError `invalid_request` when a name or a value is not UTF-8.
 */
export function readUrlencoded(body: Buffer): Field[] {
  // One character per byte, so that escaped and raw UTF-8 become the same bytes.
  const pairs = body
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '');
  return requireFewFields(pairs).map((pair) => {
    const cut = pair.indexOf('=');
    return cut === -1
      ? [decode(pair), '']
      : [decode(pair.slice(0, cut)), decode(pair.slice(cut + 1))];
  });
}

/** The same for a body, without the byte order mark and blank lines in front: they are no part of the first name. */
export function readUrlencodedBody(body: Buffer): Field[] {
  const hasMark = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  let start = hasMark ? 3 : 0;
  while (body[start] === 0x0d || body[start] === 0x0a) start += 1;
  return readUrlencoded(body.subarray(start));
}

function decode(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(ESCAPE, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
  return requireUtf8Bytes(bytes);
}
