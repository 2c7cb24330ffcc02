import { Resolver } from 'node:dns/promises';
import type { ProxyExtension } from './acme-fault-proxy.js';
import type { ProxyAnswer } from './acme-fault-proxy-faults.js';
import type { SeenRequest } from './acme-fault-proxy-requests.js';

export interface PersistOffer {
  readonly issuers: readonly string[];
  readonly accountUri: string;
}

interface Refusal {
  readonly type: 'malformed' | 'unauthorized' | 'dns';
  readonly detail: string;
}

interface ShownChallenge {
  type: string;
  url: string;
  status: string;
  token?: string;
  [field: string]: unknown;
}

interface ShownAuthorization {
  status: string;
  readonly identifier: { readonly value: string };
  readonly wildcard?: boolean;
  challenges: ShownChallenge[];
}

interface Known {
  readonly challenge: ShownChallenge;
  readonly name: string;
  readonly isWildcard: boolean;
}

const ERROR = 'urn:ietf:params:acme:error:';
const JSON_TYPE = { 'content-type': 'application/json' };

/**
 * A CA with dns-persist-01, as Boulder has it: Pebble's dns-01 challenge is shown as one without a token, and what Pebble
 * does not know is decided here, by the records of a DNS server. Pebble has to find every challenge valid.
 */
export class PersistDouble implements ProxyExtension {
  /** The types of the challenges that were started, in order. */
  readonly started: string[] = [];
  /** Changes what is shown of the challenge. */
  shape: (challenge: ShownChallenge) => ShownChallenge = (challenge) => challenge;
  /** Added to each list of challenges. */
  others: readonly object[] = [];
  readonly #known = new Map<string, Known>();
  readonly #types = new Map<string, string>();
  readonly #refused = new Map<string, Refusal>();
  readonly #resolver = new Resolver({ timeout: 5000, tries: 2 });

  /** @param dnsServer `127.0.0.1:port` */
  constructor(
    public offer: PersistOffer,
    dnsServer: string,
    private readonly now: () => number = () => Date.now() / 1000,
  ) {
    this.#resolver.setServers([dnsServer]);
  }

  async answer({ kind, path, payload }: SeenRequest): Promise<ProxyAnswer | null> {
    const known = this.#known.get(path);
    if (kind !== 'challenge' || payload === null) return null;
    this.started.push(this.#types.get(path) ?? 'unknown');
    if (known === undefined) return null;
    const refusal =
      JSON.stringify(payload) === '{}'
        ? await this.#refusalOf(known)
        : ({ type: 'malformed', detail: 'the payload has to be empty' } as const);
    if (refusal === null) return null;
    this.#refused.set(path, refusal);
    const body = JSON.stringify(invalid(known.challenge, refusal));
    return { status: 200, headers: JSON_TYPE, body };
  }

  extend({ kind }: SeenRequest, answer: ProxyAnswer): ProxyAnswer {
    if (kind !== 'authz' || answer.status !== 200) return answer;
    const authorization = JSON.parse(answer.body) as ShownAuthorization;
    const shown = authorization.challenges.map((each) => this.#shown(each, authorization));
    const isRefused = shown.some(({ url }) => this.#refused.has(new URL(url).pathname));
    const challenges = [...this.others, ...shown.toReversed()];
    const status = isRefused ? 'invalid' : authorization.status;
    return { ...answer, body: JSON.stringify({ ...authorization, status, challenges }) };
  }

  #shown(
    challenge: ShownChallenge,
    { identifier, wildcard = false }: ShownAuthorization,
  ): ShownChallenge {
    const path = new URL(challenge.url).pathname;
    this.#types.set(path, challenge.type);
    if (challenge.type !== 'dns-01') return challenge;
    const { token: _, ...rest } = challenge;
    const persist = this.shape({
      ...rest,
      type: 'dns-persist-01',
      'issuer-domain-names': this.offer.issuers,
      accounturi: this.offer.accountUri,
    });
    this.#types.set(path, persist.type);
    this.#known.set(path, {
      challenge: persist,
      name: identifier.value,
      isWildcard: wildcard,
    });
    const refusal = this.#refused.get(path);
    return refusal === undefined ? persist : invalid(persist, refusal);
  }

  async #refusalOf({ name, isWildcard }: Known): Promise<Refusal | null> {
    const values = await this.#resolver
      .resolveTxt(`_validation-persist.${name}`)
      .catch((error: { readonly code?: string }) =>
        error.code === 'ENOTFOUND' || error.code === 'ENODATA' ? [] : null,
      );
    if (values === null) return { type: 'dns', detail: 'the look-up failed' };
    const texts = values.map((strings) => strings.join(''));
    return judgePersist(texts, this.offer, { isWildcard, now: this.now() });
  }
}

function invalid(challenge: ShownChallenge, { type, detail }: Refusal): ShownChallenge {
  const error = { type: `${ERROR}${type}`, detail, status: type === 'dns' ? 400 : 403 };
  return { ...challenge, status: 'invalid', error };
}

/** Null: permitted. Written after Boulder's rules, apart from what the gateway has. */
export function judgePersist(
  texts: readonly string[],
  { issuers, accountUri }: PersistOffer,
  { isWildcard, now }: { readonly isWildcard: boolean; readonly now: number },
): Refusal | null {
  let problem: Refusal = { type: 'unauthorized', detail: 'no record permits it' };
  for (const text of texts) {
    const [, issuer = '', rest = ''] = /^[ \t]*([^; \t]*)[ \t]*(.*)$/s.exec(text) ?? [];
    if (!issuers.includes(issuer.toLowerCase())) continue;
    const tags = tagsOf(rest);
    if (tags === null || (tags['accounturi'] ?? '') === '') {
      problem = { type: 'malformed', detail: `malformed: ${text}` };
      continue;
    }
    const until = tags['persistuntil'];
    if (until !== undefined && !/^[0-9]+$/.test(until)) {
      problem = { type: 'malformed', detail: `malformed: ${text}` };
      continue;
    }
    const isAccount = tags['accounturi'] === accountUri;
    const isPolicy = !isWildcard || tags['policy']?.toLowerCase() === 'wildcard';
    if (isAccount && isPolicy && (until === undefined || now <= Number(until))) return null;
  }
  return problem;
}

/** `; tag=value; tag=value`, to the end. Null: malformed. */
function tagsOf(text: string): Record<string, string> | null {
  const tags: Record<string, string> = {};
  let left = text;
  while (left !== '') {
    const [whole, tag, value = ''] =
      /^;[ \t]*([A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)[ \t]*=[ \t]*([!-:<-~]*)[ \t]*/.exec(left) ?? [];
    if (whole === undefined || tag === undefined) return null;
    const name = tag.toLowerCase();
    if (name in tags) return null;
    tags[name] = value;
    left = left.slice(whole.length);
  }
  return tags;
}
