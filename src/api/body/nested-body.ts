import { AppError } from '../../shared/app-error.js';
import { requireFewJsonValues } from '../../shared/forms/json-marks.js';
import { readMediaType } from '../../shared/forms/media-type.js';
import { readMultipart } from '../../shared/forms/multipart.js';
import { readUrlencoded, readUrlencodedBody } from '../../shared/forms/urlencoded.js';
import { requireUtf8, type Field } from '../../shared/forms/wire-field.js';
import { parseJsonText } from './json-fields.js';
import type { ParameterSource } from './wire-parameters.js';

/** A parsed body: numbers are text, as they were written. */
export type NestedBody = Readonly<Record<string, unknown>>;

type Branch = Map<string, Branch | string | string[]>;

const BYTE_ORDER_MARK = /^\uFEFF/;
const JSON_START = /^\uFEFF?[ \t\r\n]*[{[]/;
const JSON_SUBTYPE = /(?:^|\+)json$/;
/** `name[inner][deepest]`, each level of letters, digits and underscores; `[]` and `[0]` stand for a list. */
const NAME = /^(\w+)((?:\[\w*\]){0,4})$/;
const INDEX = /^\d{0,3}$/;
const LEVELS_MAX = 3;

/**
 * Reads a request's body as nested parameters: JSON, or a form with names such as `secret[ttl]`; no body is `{}`. What is
 * only in the query string comes from there. Names in `lists` may be repeated; of any other the last value counts.
 * Throws AppError `invalid_request`, for malformed JSON with the reason `malformed`.
 */
export function readNestedBody(
  { url, contentType, body }: ParameterSource,
  lists: readonly string[],
): NestedBody {
  const queryAt = url.indexOf('?');
  const query = queryAt === -1 ? [] : readUrlencoded(Buffer.from(url.slice(queryAt + 1), 'latin1'));
  const read = body === undefined || body.length === 0 ? {} : readBody(body, contentType, lists);
  return { ...nest(query, lists), ...read };
}

function readBody(
  body: Buffer,
  contentType: string | undefined,
  lists: readonly string[],
): NestedBody {
  const fields = readMultipart(body, contentType);
  if (fields !== null) return nest(fields, lists);
  const isJson = JSON_SUBTYPE.test(readMediaType(contentType)?.subtype ?? '');
  const text = requireUtf8(body);
  // Windows PowerShell sends JSON as urlencoded.
  if (!isJson && !JSON_START.test(text)) return nest(readUrlencodedBody(body), lists);
  if (text.trim() === '') return {};
  requireFewJsonValues(body);
  const parsed = parseJsonText(text.replace(BYTE_ORDER_MARK, ''));
  if (parsed === undefined) {
    if (!isJson) return nest(readUrlencodedBody(body), lists);
    throw new AppError('invalid_request', 'The request body is not valid JSON', {
      reason: 'malformed',
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new AppError('invalid_request', 'Incorrect payload format');
  return parsed as NestedBody;
}

function nest(fields: readonly Field[], lists: readonly string[]): NestedBody {
  const root: Branch = new Map();
  for (const [name, value] of fields) {
    const levels = levelsOf(name);
    if (levels !== null) place(root, levels, { value, lists });
  }
  return toObject(root);
}

/** `secret[recipient][]` has the levels `secret` and `recipient`. Null for a name that is no parameter. */
function levelsOf(name: string): string[] | null {
  const [, head, inner] = NAME.exec(name) ?? [];
  if (head === undefined || inner === undefined) return null;
  const levels = [
    head,
    ...inner
      .split('[')
      .slice(1)
      .map((level) => level.slice(0, -1)),
  ];
  if (levels.length > 1 && INDEX.test(levels.at(-1) ?? '')) levels.pop();
  return levels.length > LEVELS_MAX ? null : levels;
}

function place(
  root: Branch,
  levels: readonly string[],
  { value, lists }: { readonly value: string; readonly lists: readonly string[] },
): void {
  const last = levels.at(-1) ?? '';
  let branch = root;
  for (const level of levels.slice(0, -1)) {
    const known = branch.get(level) ?? new Map();
    // `secret=x&secret[ttl]=60`: the plain text stays, and the schema refuses it.
    if (!(known instanceof Map)) return;
    branch.set(level, known);
    branch = known;
  }
  const known = branch.get(last);
  if (!lists.includes(last)) branch.set(last, value);
  else if (known === undefined) branch.set(last, value);
  else if (!(known instanceof Map)) branch.set(last, [known, value].flat());
}

/** Object.fromEntries makes own properties, also of `__proto__`. */
function toObject(branch: Branch): NestedBody {
  const entries = [...branch].map(([name, value]) => [
    name,
    value instanceof Map ? toObject(value) : value,
  ]);
  return Object.fromEntries(entries) as NestedBody;
}
