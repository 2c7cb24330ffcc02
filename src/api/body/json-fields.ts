import { AppError } from '../../shared/app-error.js';
import { requireFewJsonValues } from '../../shared/forms/json-marks.js';
import { readMediaType } from '../../shared/forms/media-type.js';
import {
  requireFewFields,
  requireUtf8,
  requireWellFormed,
  type Field,
} from '../../shared/forms/wire-field.js';

const BYTE_ORDER_MARK = /^\uFEFF/;
/** RFC 8259 section 2: an object or a list, after white space of its own kind. */
const JSON_START = /^\uFEFF?[ \t\r\n]*[{[]/;
const JSON_SUBTYPE = /(?:^|\+)json$/;

/** ECMAScript's JSON.parse with source text access, for which TypeScript's library has no type yet. */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

/**
 * Reads a JSON object as parameters. A number or boolean keeps its source text, an array repeats its name, a nested
 * object becomes `name[inner]`; deeper objects and null are left out. Returns null when neither the bytes nor
 * `contentType` are JSON. Throws AppError `invalid_request` when `contentType` is JSON and the bytes are not.
 */
export function readJsonFields(body: Buffer, contentType: string | undefined): Field[] | null {
  const text = requireUtf8(body);
  if (!JSON_START.test(text)) return null;
  requireFewJsonValues(body);
  const parsed = parseJsonText(text.replace(BYTE_ORDER_MARK, ''));
  if (parsed !== undefined) return toFields(parsed);
  if (!JSON_SUBTYPE.test(readMediaType(contentType)?.subtype ?? '')) return null;
  throw new AppError('invalid_request', 'The request body is not valid JSON');
}

/** JSON with each number as its source text; undefined when it is malformed. */
export function parseJsonText(text: string): unknown {
  try {
    // A number keeps its source text: `1.10` and nineteen digits would change as a JavaScript number.
    return (JSON.parse as ParseWithSource)(text, (_key, value, { source }) =>
      typeof value === 'number' ? source : value,
    );
  } catch {
    return undefined;
  }
}

function toFields(parsed: unknown): Field[] {
  const fields = entriesOf(parsed).flatMap(([name, value]) => [
    ...scalars(name, value),
    ...entriesOf(value).flatMap(([inner, item]) => scalars(`${name}[${inner}]`, item)),
  ]);
  return [...requireFewFields(fields)];
}

/** One field for a scalar, one for each scalar of an array, none for anything else. */
function scalars(name: string, value: unknown): Field[] {
  return [value].flat().flatMap((item: unknown): Field[] => {
    if (typeof item !== 'string' && typeof item !== 'boolean') return [];
    return [[requireWellFormed(name), requireWellFormed(String(item))]];
  });
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return [];
  return requireFewFields(Object.entries(value));
}
