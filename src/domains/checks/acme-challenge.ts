import { valuesOf } from '../../dns/dns-answer.js';
import { normalisedName } from '../../dns/dns-name.js';
import {
  ACME_CHALLENGE_UNASKED,
  type AcmeChallengeFacts,
  type ObservationRequest,
} from '../domain-facts.js';
import { viewDelegation } from '../diagnosis/delegation-view.js';
import { isSameAnswer, wholeChain } from './dns-chains.js';
import { siblingOf, type Ask } from './misplaced-records.js';

/** Looks at `_acme-challenge`. Nothing is asked unless the record may be made, and no more than two questions if it is right. */
export async function lookUpAcmeChallenge(
  request: ObservationRequest,
  ask: Ask,
): Promise<AcmeChallengeFacts> {
  const { name, isOffered } = request.expected.delegation;
  if (!isOffered) return ACME_CHALLENGE_UNASKED;
  const [cname, txt] = await Promise.all([ask(name, 'CNAME'), ask(name, 'TXT')]);
  const seen = {
    // The CNAME look-up has the first record; that of TXT records the whole chain, unless its end fails.
    cname: wholeChain({ a: txt, aaaa: txt, cname }),
    txt: txt.answer,
    wildcard: false,
    foundAt: null,
  };
  const { state } = viewDelegation({ ...request, acmeChallenge: seen });
  if (state === 'ready' || state === 'unknown') return seen;
  // A random name beside it: only a wildcard record below the hostname answers for both.
  const sibling = siblingOf(name);
  const [foundAt, siblingCname, siblingTxt] = await Promise.all([
    findDoubled(request, ask),
    ask(sibling, 'CNAME'),
    ask(sibling, 'TXT'),
  ]);
  const isWildcard =
    cname.chain.length + valuesOf(cname.answer).length > 0
      ? isSameAnswer(cname, siblingCname)
      : isSameAnswer(txt, siblingTxt);
  return { ...seen, wildcard: isWildcard, foundAt };
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
