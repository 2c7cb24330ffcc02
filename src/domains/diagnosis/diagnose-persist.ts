import { persistAccounts } from '../../dns/persist-accounts.js';
import {
  persistName,
  type PersistAccount,
  type PersistDecision,
  type PersistRecord,
} from '../../dns/persist-record.js';
import { DAY, SECOND } from '../../shared/durations.js';
import type { DomainFacts } from '../domain-facts.js';
import type { Issue } from './diagnosis.js';
import { issue } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';
import { decideSeenPersist } from './persist-view.js';
import { panelName } from './record-wording.js';

type Permitted = Extract<PersistDecision, { kind: 'permitted' }>;
type Refused = Extract<PersistDecision, { kind: 'refused' }>;

/** How long before its end a record is spoken of. */
const END_IS_NEAR = 30 * DAY;

/** Issues of a record for dns-persist-01 that the customer has made. Nobody is asked for one. */
export function diagnosePersist(facts: DomainFacts): Issue[] {
  if (facts.conflict || facts.persist.status !== 'ok') return [];
  const found = persistAccounts(facts.cas).map((account) => ({
    account,
    decision: decideSeenPersist(facts, account),
  }));
  const permitted = found.flatMap(({ decision }) =>
    decision.kind === 'permitted' ? [decision] : [],
  );
  if (permitted.length > 0) return permitted.flatMap((each) => diagnosePermitted(facts, each));
  for (const { account, decision } of found)
    if (decision.kind === 'refused') return diagnoseRefused(facts, account, decision);
  return [];
}

function diagnosePermitted(facts: DomainFacts, { record, value }: Permitted): Issue[] {
  return [...endOf(facts, record, value), ...widthOf(facts, record, value)];
}

function endOf(facts: DomainFacts, { until }: PersistRecord, value: string): Issue[] {
  if (until === null) return [];
  const at = until * SECOND;
  if (at - Date.parse(facts.observedAt) > END_IS_NEAR) return [];
  return [
    persistIssue(facts, 'PERSIST_EXPIRING', value, {
      detail: `It ends at ${new Date(at).toISOString()} (persistUntil). Certificates are then made in another way, where there is one.`,
      fix: `Change persistUntil in the TXT record ${nameOf(facts)}, or leave it out.`,
    }),
  ];
}

function widthOf(facts: DomainFacts, { isWide }: PersistRecord, value: string): Issue[] {
  if (!isWide) return [];
  return [
    persistIssue(facts, 'PERSIST_TOO_WIDE', value, {
      detail: `policy=wildcard lets our account have certificates for all names below ${facts.hostname} too. We need and make none.`,
      fix: `Remove policy=wildcard from the TXT record ${nameOf(facts)}.`,
    }),
  ];
}

function diagnoseRefused(
  facts: DomainFacts,
  { issuers, accountUri }: PersistAccount,
  { reason, value }: Refused,
): Issue[] {
  const name = nameOf(facts);
  const right = `${issuers[0] ?? ''}; accounturi=${accountUri}`;
  switch (reason) {
    case 'malformed':
      return [
        persistIssue(facts, 'PERSIST_MALFORMED', value, {
          detail:
            'A certificate authority does not read it: each part after a semicolon is a tag, an equals sign and a value, no tag comes twice, and accounturi is there.',
          fix: `Change the TXT record ${name} to ${right}, or remove it.`,
        }),
      ];
    case 'account':
      return [
        persistIssue(facts, 'PERSIST_OTHER_ACCOUNT', value, {
          detail: `It lets another account have certificates for ${facts.hostname}, and not ours.`,
          fix: `Keep the TXT record ${name} if that account is yours or a service's that you use; else remove it, or change it to ${right}.`,
        }),
      ];
    case 'expired':
      return [
        persistIssue(facts, 'PERSIST_EXPIRED', value, {
          detail: 'The time in persistUntil has passed.',
          fix: `Change persistUntil in the TXT record ${name}, or remove the record.`,
        }),
      ];
    // For wildcard names alone, of which there are none.
    case 'policy':
      return [];
  }
}

function persistIssue(
  facts: DomainFacts,
  code: IssueCode,
  value: string,
  texts: { readonly detail: string; readonly fix: string },
): Issue {
  return issue(code, { ...texts, evidence: { foundAt: nameOf(facts), value } });
}

function nameOf({ hostname, zone }: DomainFacts): string {
  return panelName(persistName(hostname), zone);
}
