import { valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import { normalisedName } from '../../dns/dns-name.js';
import {
  ACME_CHALLENGE_UNASKED,
  type AcmeChallengeFacts,
  type ObservationRequest,
} from '../domain-facts.js';
import { viewDelegation } from '../diagnosis/delegation-view.js';
import { isSameAnswer, wholeChain } from './dns-chains.js';
import { siblingOf, type Ask } from './misplaced-records.js';

/**
 * Looks at `_acme-challenge`. Nothing is asked unless the record may be made, and no more than two questions if it is right.
 * Where an alias stands, none of them is for TXT records: a resolver that a CA asks too would remember for a second that
 * there are none, and the order follows at once.
 */
export async function lookUpAcmeChallenge(
  request: ObservationRequest,
  ask: Ask,
): Promise<AcmeChallengeFacts> {
  const { name, isOffered } = request.expected.delegation;
  if (!isOffered) return ACME_CHALLENGE_UNASKED;
  // The CNAME look-up has the first record; that of addresses the whole chain, unless its end fails.
  const [alias, a] = await Promise.all([ask(name, 'CNAME'), ask(name, 'A')]);
  const cname = wholeChain({ a, aaaa: a, cname: alias });
  const isAlias = valuesOf(cname).length > 0;
  const text = isAlias ? null : await ask(name, 'TXT');
  const txt: DnsAnswer<string> = text?.answer ?? { status: 'unasked' };
  const seen = { cname, txt, wildcard: false, foundAt: null };
  const { state } = viewDelegation({ ...request, acmeChallenge: seen });
  if (state === 'ready' || state === 'unknown') return seen;
  // A random name beside it: only a wildcard record below the hostname answers for both.
  const sibling = siblingOf(name);
  const [foundAt, siblingCname, siblingText] = await Promise.all([
    findDoubled(request, ask),
    ask(sibling, 'CNAME'),
    ask(sibling, 'TXT'),
  ]);
  const wildcard =
    text === null ? isSameAnswer(alias, siblingCname) : isSameAnswer(text, siblingText);
  return { ...seen, wildcard, foundAt };
}

/** A panel that adds the zone to every name makes the record there. */
async function findDoubled(
  { hostname, zone, expected }: ObservationRequest,
  ask: Ask,
): Promise<string | null> {
  const { name, target } = expected.delegation;
  const names = [...new Set([`${name}.${zone}`, `${name}.${hostname}`])];
  const lookups = await Promise.all(names.map((each) => ask(each, 'CNAME')));
  const at = lookups.findIndex(({ answer }) =>
    valuesOf(answer).map(normalisedName).includes(target),
  );
  return names[at] ?? null;
}
