import {
  hasChallenge,
  isTxtAtName,
  isTxtOptional,
  needsBoth,
  viewProof,
  type ProofView,
} from './ownership-proof.js';
import { viewRouting } from './routing-view.js';
import type { DnsRecordAdvice, Issue } from './diagnosis.js';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue } from './issue-catalogue.js';
import { listed, panelName, whereToMake } from './record-wording.js';
import { containsChallenge, withoutQuotes } from './challenge-text.js';
import { providerOf } from './dns-provider.js';
import { recordRef } from './record-advice.js';

/** Issues of the proof. @param isZoneBroken an issue of the zone already explains the failed lookups */
export function diagnoseOwnership(
  facts: DomainFacts,
  records: readonly DnsRecordAdvice[],
  isZoneBroken: boolean,
): Issue[] {
  const proof = viewProof(facts);
  const issues = [
    ...standing(facts, proof),
    ...(isZoneBroken ? [] : txtIssues(facts, proof)),
    ...cnameProof(facts, proof),
  ];
  const txtRef = recordRef(records, 'ownership');
  const cnameRef = recordRef(records, 'routing', 'CNAME');
  return issues.map((each) => ({
    ...each,
    fix: { ...each.fix, recordRef: each.code === 'CNAME_PROOF_REQUIRED' ? cnameRef : txtRef },
  }));
}

/** A proof that is gone, or a name that another account has proven. */
function standing(facts: DomainFacts, proof: ProofView): Issue[] {
  const { ownership } = facts;
  const evidence = { missingSince: ownership.missingSince, provenAt: ownership.provenAt };
  if (facts.conflict) {
    return [
      issue('CONFLICT_OTHER_CLAIM', {
        detail:
          'Another account has proven this name. Whoever controls its DNS wins it: with your proof in place it becomes yours once the other proof is gone.',
        fix: `${addTxt(facts)}, and remove the records of the other claim.`,
        evidence,
      }),
    ];
  }
  if (proof.overall !== 'absent') return [];
  if (ownership.state === 'lapsed') {
    return [
      issue('OWNERSHIP_LAPSED', {
        detail:
          'The proof has been missing for so long that the claim has lapsed. The name is served for 30 days more, or until another account proves it.',
        fix: `${addTxt(facts)}.`,
        evidence,
      }),
    ];
  }
  if (ownership.state !== 'verified') return [];
  return [
    issue('OWNERSHIP_PROOF_GONE', {
      detail:
        'The record that proved the name is no longer there. The claim lapses when it stays away for 7 days.',
      fix: `${addTxt(facts)}.`,
      evidence,
    }),
  ];
}

function txtIssues(facts: DomainFacts, proof: ProofView): Issue[] {
  const name = panelName(facts.expected.challengeName, facts.zone);
  if (proof.isInexact) return [inexact(facts, name)];
  if (proof.isSpreading) return [spreading(facts, name)];
  if (proof.txt === 'present' || isTxtOptional(facts, proof)) return [];
  return [absentTxt(facts, name)].filter((each) => each !== null);
}

function inexact(facts: DomainFacts, name: string): Issue {
  const { challengeValue: value } = facts.expected;
  const observed = valuesOf(facts.txt);
  const isQuoted = observed.some((text) => text !== value && withoutQuotes(text) === value);
  return issue(isQuoted ? 'TXT_QUOTED' : 'TXT_UPPER_CASE', {
    detail: 'It was accepted; programs that compare the value exactly would not accept it.',
    fix: `Change the TXT record ${name}: enter the value ${value} ${isQuoted ? 'without quotation marks or blanks' : 'in lower case'}.`,
    evidence: { observed },
  });
}

function spreading(facts: DomainFacts, name: string): Issue {
  return issue('PROOF_SPREADING', {
    detail:
      'Some of the name servers that we ask have the proof. More than half of them must, so that one wrong answer proves nothing.',
    fix: `Nothing to change if the TXT record ${name} or the CNAME record is new: wait for its TTL to pass. If this stays, check that all NS records of ${facts.zone} name servers with the same zone.`,
    evidence: { txt: facts.txtByServer, cname: facts.cnameByServer },
  });
}

function absentTxt(facts: DomainFacts, name: string): Issue | null {
  if (hasChallenge(facts, facts.txtDoubled)) {
    const doubled = `${facts.expected.challengeName}.${facts.zone}`;
    return issue('TXT_DOUBLE_LABEL', {
      detail: `The record was found at ${doubled}: the panel added ${facts.zone} to a name that already had it.`,
      fix: `Change the name of the TXT record to ${name}, without ${facts.zone} at its end.`,
      evidence: { foundAt: doubled },
    });
  }
  if (isTxtAtName(facts)) return misplaced(facts, name);
  const [foundAt] = facts.txtFoundAt;
  if (foundAt !== undefined) return atAnotherName(facts, name, foundAt);
  if (hasFailed(facts.txt)) {
    return issue('TXT_UNANSWERABLE', {
      detail: `The look-up of ${facts.expected.challengeName} failed (${facts.txt.status}). Nothing is concluded from that.`,
      fix: `Check that the TXT record ${name} can be looked up; we look again.`,
      evidence: { status: facts.txt.status },
    });
  }
  // A wildcard record is not a record of this name, and stays.
  const observed = facts.txtWildcard ? [] : valuesOf(facts.txt);
  if (observed.length === 0 && facts.txtChain.length > 0 && !facts.txtWildcard)
    return aliased(facts, name);
  if (observed.some((text) => containsChallenge(text, facts.expected.challengeValue))) {
    return issue('TXT_EXTRA_TEXT', {
      detail: `It has ${listed(observed.map((each) => `"${each}"`))}; the value must stand alone.`,
      fix: `Change the TXT record ${name}: enter the value ${facts.expected.challengeValue} and nothing else.`,
      evidence: { observed, expected: facts.expected.challengeValue },
    });
  }
  if (observed.length > 0) {
    return issue('TXT_MISMATCH', {
      detail: `It has ${listed(observed.map((each) => `"${each}"`))}, perhaps of an earlier claim.`,
      fix: `Change the TXT record ${name} to the value ${facts.expected.challengeValue}.`,
      evidence: { observed, expected: facts.expected.challengeValue },
    });
  }
  // CONFLICT_OTHER_CLAIM names the same record.
  if (facts.conflict) return null;
  return issue('TXT_MISSING', {
    detail: facts.txtWildcard
      ? `${facts.expected.challengeName} has no record of its own: a wildcard record answers for it.${whereToMake(facts)}`
      : `Nothing was found at ${facts.expected.challengeName}.${whereToMake(facts)}`,
    fix: `${addTxt(facts)}.`,
    evidence: {
      status: facts.txt.status,
      nameServers: facts.nameServers,
      provider: providerOf(facts.nameServers),
    },
  });
}

function atAnotherName(facts: DomainFacts, name: string, foundAt: string): Issue {
  const { hostname, zone, expected } = facts;
  const isDoubled = foundAt === `${expected.challengeName}.${hostname}`;
  return issue(isDoubled ? 'TXT_DOUBLE_LABEL' : 'TXT_WRONG_NAME', {
    detail: isDoubled
      ? `The record was found at ${foundAt}: the panel added ${hostname} to a name that already had it.`
      : `The value was found at ${foundAt}; it belongs at ${expected.challengeName}.`,
    fix: `Change the name of the TXT record from ${panelName(foundAt, zone)} to ${name}.`,
    evidence: { foundAt },
  });
}

function aliased(facts: DomainFacts, name: string): Issue {
  return issue('TXT_IS_CNAME', {
    detail: `The CNAME record at ${facts.expected.challengeName} leads to ${facts.txtChain.at(-1)}, where the value was not found.`,
    fix: `Remove the CNAME record ${name}. ${addTxt(facts)}.`,
    evidence: { chain: facts.txtChain },
  });
}

function misplaced(facts: DomainFacts, name: string): Issue {
  const isProxied = viewRouting(facts).proxy !== null;
  return issue(isProxied ? 'TXT_ON_PROXIED_NAME' : 'TXT_AT_NAME', {
    detail: isProxied
      ? `The value was found at ${facts.hostname}, where the proxy answers; it belongs at a name of its own, which is never proxied.`
      : `The value was found at ${facts.hostname}; it belongs at a name of its own.`,
    fix: `Change the name of the TXT record from ${panelName(facts.hostname, facts.zone)} to ${name}.`,
    evidence: { foundAt: facts.hostname },
  });
}

function cnameProof(facts: DomainFacts, proof: ProofView): Issue[] {
  const isUnasked = facts.cname.status === 'unasked';
  if (!needsBoth(facts) || facts.conflict || !(isUnasked || proof.cname === 'absent')) return [];
  return [
    issue('CNAME_PROOF_REQUIRED', {
      detail:
        'The name belonged to another account until lately. For 30 days the TXT record alone does not prove it.',
      fix: `Add a CNAME record ${panelName(facts.hostname, facts.zone)} with the value ${facts.expected.target}.`,
      evidence: { observed: valuesOf(facts.cname), expected: facts.expected.target },
    }),
  ];
}

function addTxt(facts: DomainFacts): string {
  const name = panelName(facts.expected.challengeName, facts.zone);
  return `Add a TXT record ${name} with the value ${facts.expected.challengeValue}`;
}
