import { valuesOf } from '../../dns/dns-answer.js';
import { normalisedName } from '../../dns/dns-name.js';
import type { DomainFacts } from '../domain-facts.js';
import type { Issue } from './diagnosis.js';
import { issue } from './issue-catalogue.js';
import { panelName } from './record-wording.js';
import type { RoutingView } from './routing-view.js';

/** A routing record that exists, but at another name or with another type; null if there is none. */
export function diagnoseMisplaced(facts: DomainFacts, view: RoutingView): Issue | null {
  const { hostname, zone, isApex, expected } = facts;
  const name = panelName(hostname, zone);
  const [foundAt] = facts.routingFoundAt;
  if (foundAt !== undefined) {
    const added = [zone, hostname].find((end) => foundAt === `${hostname}.${end}`);
    const type = isApex ? 'A' : 'CNAME';
    const doubled = isApex ? 'A_DOUBLE_LABEL' : 'CNAME_DOUBLE_LABEL';
    return issue(added === undefined ? 'CNAME_WRONG_NAME' : doubled, {
      detail:
        added === undefined
          ? `The record was found at ${foundAt}; it belongs at ${hostname}.`
          : `The record was found at ${foundAt}: the panel added ${added} to a name that already had it.`,
      fix: `Change the name of the ${type} record from ${panelName(foundAt, zone)} to ${name}.`,
      evidence: { foundAt },
    });
  }
  const isTxt = valuesOf(facts.txtAtName).map(normalisedName).includes(expected.target);
  if (isApex || view.chain.length > 0 || !isTxt) return null;
  return issue('CNAME_IS_TXT', {
    detail: `The value of the CNAME record was found in a TXT record at ${hostname}.`,
    fix: `Remove the TXT record ${name} and add a CNAME record ${name} with the value ${expected.target}.`,
    evidence: { foundAt: hostname },
  });
}
