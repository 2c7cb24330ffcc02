import { permittingRecord, type Forbidden } from '../../dns/caa-binding.js';
import { decideCaa } from '../../dns/caa-policy.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import type { DnsRecordAdvice, Issue } from './diagnosis.js';
import { formatCaa, type CaIdentity } from '../../dns/caa-record.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue, type IssueFindings } from './issue-catalogue.js';
import { listed, panelName } from './record-wording.js';
import { usableCas } from './persist-view.js';
import { recordRef } from './record-advice.js';

/** Issues of CAA records. The first CA is the preferred one; a later one may issue instead. */
export function diagnoseCaa(
  facts: DomainFacts,
  records: readonly DnsRecordAdvice[],
  isZoneBroken: boolean,
): Issue[] {
  if (facts.cas.length === 0) return [];
  if (facts.caa.status === 'unanswerable') return isZoneBroken ? [] : [unanswerable(facts)];
  const decisions = usableCas(facts).map((ca) => [ca, decideCaa(facts.caa, ca)] as const);
  const refused = decisions.find(([, decision]) => decision.kind === 'forbidden');
  if (refused?.[1].kind !== 'forbidden') return [];
  const isOtherPermitted = decisions.some(([, { kind }]) => kind === 'permitted');
  return [
    refusal(facts, refused[0], refused[1], {
      recordRef: recordRef(records, 'caa'),
      ...(isOtherPermitted ? { severity: 'warning' } : {}),
      // CAA lookups follow CNAME records: a record of our own zone is for the operator to fix.
      ...(isOurZone(facts) ? { owner: 'operator' } : {}),
      evidence: { foundAt: facts.caa.foundAt, records: facts.caa.records.map(formatCaa) },
    }),
  ];
}

function unanswerable(facts: DomainFacts): Issue {
  return issue('CAA_UNANSWERABLE', {
    detail: 'A certificate authority refuses to issue while this look-up fails.',
    fix: `Ask your DNS provider why the look-up of CAA records at ${facts.hostname} fails (name ${panelName(facts.hostname, facts.zone)}); having none is fine, an error is not.`,
    evidence: { status: facts.caa.status },
  });
}

/** A record without our account would open the name to every account at the CA. */
function unnameable({ domain, accountUri }: CaIdentity): string {
  const why = accountUri === null ? 'is not known yet' : 'cannot be named by a CAA record';
  return `Our account at ${domain} ${why}. Only without \`accounturi\` would that record permit us, and then every account there.`;
}

function refusal(
  facts: DomainFacts,
  ca: CaIdentity,
  decision: Forbidden,
  rest: Omit<IssueFindings, 'detail' | 'fix'>,
): Issue {
  const foundAt = facts.caa.foundAt ?? facts.hostname;
  const name = panelName(foundAt, facts.zone);
  const wanted = permittingRecord(ca, decision);
  const add =
    wanted &&
    `Add a CAA record ${name} with the value ${formatCaa(wanted)}, beside those that are there.`;
  switch (decision.reason) {
    case 'issuer':
      return issue('CAA_FORBIDS', {
        ...rest,
        detail: `The CAA records at ${foundAt} do not name ${ca.domain}.`,
        fix: add ?? unnameable(ca),
      });
    case 'account':
      return issue('CAA_ACCOUNTURI', {
        ...rest,
        ...(add === null ? { owner: 'operator' } : {}),
        detail: `The CAA record at ${foundAt} lets ${ca.domain} issue for another account than ours${ca.accountUri === null ? '' : ` (${ca.accountUri})`}: ${formatCaa(decision.record)}.`,
        fix:
          add === null
            ? unnameable(ca)
            : `${add} If nothing else uses the other account, change that record instead.`,
      });
    case 'method':
      return issue('CAA_METHOD', {
        ...rest,
        detail: `The CAA record at ${foundAt} does not allow ${listed(ca.methods)}: ${formatCaa(decision.record)}.`,
        fix: `${add ?? unnameable(ca)} Or add these methods to that record.`,
      });
    case 'critical':
      return issue('CAA_CRITICAL', {
        ...rest,
        recordRef: null,
        detail: `Certificate authorities must not issue while the critical tag ${decision.record.tag} is not understood.`,
        fix: `Remove the CAA record ${name} with the value ${formatCaa(decision.record)}.`,
      });
  }
}

function isOurZone(facts: DomainFacts): boolean {
  return isAtOrUnder(
    normalisedName(facts.caa.foundAt ?? ''),
    normalisedName(facts.expected.ingressSuffix),
  );
}
