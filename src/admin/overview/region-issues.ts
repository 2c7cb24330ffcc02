import type { NameserverTrouble } from '../../dns/delegation-offer.js';
import { issue } from '../../domains/diagnosis/issue-catalogue.js';
import type { Issue } from '../../domains/diagnosis/diagnosis.js';

const SEEN: Readonly<Record<NameserverTrouble['finding'], string>> = {
  silent: 'no resolver has an answer for a name below it',
  stranger: 'somebody else answers for names below it, or it is not delegated',
  bogus: 'DNSSEC forbids every answer for names below it',
};

const MENDED: Readonly<Record<NameserverTrouble['finding'], string>> = {
  silent: 'Open port 53 of the gateways to everybody, by UDP and TCP.',
  stranger: 'Make the NS records of the zone, and no other record below it.',
  bogus: 'Remove the DS record of the zone.',
};

/** What is wrong for all names of a region. */
export function nameserverIssue({
  zone,
  nameServers,
  finding,
  isOffered,
}: NameserverTrouble): Issue {
  const advised = isOffered
    ? 'Delegations are still advised, until a day after it was reached last'
    : 'Delegations are not advised';
  return issue('NAMESERVER_UNREACHABLE', {
    detail: `The public DNS does not lead to the name server of ${zone}: ${SEEN[finding]}. ${advised}; those that customers have made do not work.`,
    evidence: { zone, nameServers, finding },
    fix: `${MENDED[finding]} \`gateway doctor\` asks ${nameServers.join(' and ')} one by one.`,
  });
}
