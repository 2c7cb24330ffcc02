import { readJsonFields } from './json-fields.js';
import { readMultipart } from './multipart.js';
import { readUrlencoded } from './urlencoded.js';
import type { Field } from './wire-text.js';

/** As much of a request as its parameters can stand in. */
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
 * Reads the parameters of a request leniently: query string and body, the body's over the query's, the body's
 * format told by its bytes, since real clients send no Content-Type, a wrong one, or two.
 * Throws AppError `invalid_request`, and nothing else.
 */
export function readWireParameters({ url, contentType, body }: ParameterSource): WireParameters {
  const queryAt = url.indexOf('?');
  const query = queryAt === -1 ? [] : readUrlencoded(Buffer.from(url.slice(queryAt + 1), 'latin1'));
  return new WireParameters(new Map([...gather(query), ...gather(readBody(body, contentType))]));
}

function readBody(body: Buffer | undefined, contentType: string | undefined): Field[] {
  if (body === undefined || body.length === 0) return [];
  return readMultipart(body) ?? readJsonFields(body, contentType) ?? readUrlencoded(body);
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
