import type { ProxyAnswer } from './acme-fault-proxy-faults.js';

interface AcmeObject {
  readonly identifiers?: readonly { readonly value: string }[];
  readonly identifier?: { readonly value: string };
  readonly authorizations?: readonly string[];
  readonly challenges?: readonly { readonly url: string }[];
  readonly finalize?: string;
  readonly certificate?: string;
}

/** The host name that a request is about, learned from earlier orders and authorizations. */
export class NamesOfPaths {
  readonly #names = new Map<string, string>();

  of(path: string, payload: Readonly<Record<string, unknown>> | null): string | null {
    return nameIn((payload ?? {}) as AcmeObject) ?? this.#names.get(path) ?? null;
  }

  learn({ headers, body }: ProxyAnswer): void {
    const object = parse(body);
    const name = nameIn(object);
    if (name === null) return;
    const { authorizations = [], challenges = [], finalize, certificate } = object;
    const urls = [...authorizations, ...challenges.map(({ url }) => url), finalize, certificate];
    for (const url of [...urls, headers['location']]) {
      if (typeof url === 'string') this.#names.set(new URL(url).pathname, name);
    }
  }
}

function nameIn({ identifiers, identifier }: AcmeObject): string | null {
  return identifiers?.[0]?.value ?? identifier?.value ?? null;
}

function parse(body: string): AcmeObject {
  try {
    return JSON.parse(body) as AcmeObject;
  } catch {
    return {};
  }
}
