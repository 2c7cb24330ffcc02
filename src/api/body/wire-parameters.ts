import { readJsonFields } from './json-fields.js';
import { readMultipart } from '../../shared/forms/multipart.js';
import { readUrlencoded, readUrlencodedBody } from '../../shared/forms/urlencoded.js';
import type { Field } from '../../shared/forms/wire-field.js';

/** The parts of a request that carry parameters. */
export interface ParameterSource {
  /** Path and query string, as Node gives them: one character per byte. */
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: Buffer | undefined;
}

/** The parameters of one call, as the caller wrote them. `name[]` and `name[0]` count as `name`. */
export class WireParameters {
  constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  /** The last value, `''` included; null when the parameter is absent. */
  last(name: string): string | null {
    return this.values.get(name)?.at(-1) ?? null;
  }

  /** Every value, in the order of the wire. */
  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }
}

const INDEX = /\[\d{0,3}\]$/;

/**
 * Reads the parameters of a request leniently, from the query string and the body. The body takes precedence; its
 * format is detected by its bytes, because real clients send no Content-Type, a wrong one, or two.
 * Throws only AppError `invalid_request`.
 */
export function readWireParameters({ url, contentType, body }: ParameterSource): WireParameters {
  const queryAt = url.indexOf('?');
  const query = queryAt === -1 ? [] : readUrlencoded(Buffer.from(url.slice(queryAt + 1), 'latin1'));
  const values = gather(readBody(body, contentType));
  // The body takes precedence.
  if (query.length > 0)
    for (const [name, texts] of gather(query)) if (!values.has(name)) values.set(name, texts);
  return new WireParameters(values);
}

function readBody(body: Buffer | undefined, contentType: string | undefined): Field[] {
  if (body === undefined || body.length === 0) return [];
  return (
    readMultipart(body, contentType) ??
    readJsonFields(body, contentType) ??
    readUrlencodedBody(body)
  );
}

function gather(fields: readonly Field[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) {
    const plain = name.replace(INDEX, '');
    const known = values.get(plain);
    if (known === undefined) values.set(plain, [value]);
    else known.push(value);
  }
  return values;
}
