import { isBeforeSwitch } from './diagnose-delegation.js';
import { adviseRecords } from './record-advice.js';
import type { Issue } from './diagnosis.js';
import type { DomainFacts } from '../domain-facts.js';
import type { ReplacedRecord, SetupFacts } from '../domain-setup.js';
import { issue } from './issue-catalogue.js';
import { listed, routingRecord } from './record-wording.js';

/** Issues of the set-up by the customer's DNS provider. The records can be made by hand in any case. */
export function diagnoseSetup(facts: DomainFacts): Issue[] {
  const { setup } = facts;
  if (setup === null) return [];
  return [
    ...replacing(setup),
    ...keyMissing(facts, setup),
    ...(isAnyMissing(facts) ? outcomeOf(facts, setup) : []),
  ];
}

function replacing({ isOffered, provider, replaces }: SetupFacts): Issue[] {
  if (!isOffered || replaces.length === 0) return [];
  const records = listed(replaces.map(replacedText));
  return [
    issue('SETUP_REPLACES_RECORDS', {
      detail: `When ${provider} makes the records, it removes ${records}.`,
      fix: `Before you let ${provider} make the records, check that nothing needs ${records} any more.`,
      evidence: { provider, replaces },
    }),
  ];
}

function replacedText({ name, type, values }: ReplacedRecord): string {
  return `the ${type} record ${name} (${listed(values)})`;
}

function keyMissing(facts: DomainFacts, { isKeyMissing, provider }: SetupFacts): Issue[] {
  if (!isKeyMissing) return [];
  return [
    issue('SETUP_KEY_UNPUBLISHED', {
      detail: `${provider} could make the records, but the key by which it would know us is not in the DNS.`,
      fix: `Make the record ${routingRecord(facts)} and the others by hand, as shown here.`,
      evidence: { provider },
    }),
  ];
}

function outcomeOf(facts: DomainFacts, setup: SetupFacts): Issue[] {
  const { outcome, isOutcomeOld, provider } = setup;
  const record = routingRecord(facts);
  const byHand = `or make the CNAME or A record ${record} and the TXT record by hand.`;
  if (outcome === 'cancelled')
    return [
      issue('SETUP_CANCELLED', {
        detail: `You came back from ${provider} without having let it make the records.`,
        fix: `Open the link to ${provider} again, ${byHand}`,
        evidence: { provider },
      }),
    ];
  if (outcome === 'rejected')
    return [
      issue('SETUP_REJECTED', {
        detail: `${provider} did not accept what we asked it to make.`,
        fix: `Make the record ${record} and the others by hand, as shown here.`,
        evidence: { provider },
      }),
    ];
  if (outcome !== 'returned' || !isOutcomeOld) return [];
  // The customer let it prepare the name only: the record that is missing is the one of the switch.
  if (isBeforeSwitch(facts)) return [];
  return [
    issue('SETUP_NOT_APPLIED', {
      detail: `You came back from ${provider}, and the records cannot be seen yet.`,
      fix: `Open the link to ${provider} again, ${byHand}`,
      evidence: { provider },
    }),
  ];
}

function isAnyMissing(facts: DomainFacts): boolean {
  return adviseRecords(facts).some(
    ({ purpose, required, action }) => purpose !== 'caa' && required && action !== 'keep',
  );
}
