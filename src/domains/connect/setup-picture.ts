import { DAY, MINUTE } from '../../shared/durations.js';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import type { DnsRecordAdvice } from '../diagnosis/diagnosis.js';
import { adviseRecords } from '../diagnosis/record-advice.js';
import { panelName, takesAddresses } from '../diagnosis/record-wording.js';
import type { Domain } from '../domain.js';
import type { DomainFacts } from '../domain-facts.js';
import type { DomainSetup, ReplacedRecord, SetupFacts } from '../domain-setup.js';
import { replacedByRoute, replacedRecords } from './replaced-records.js';

/** Whether the key that signs our links is in the DNS, by our own look. `unknown`: nobody has looked, or it failed. */
export type KeyState = 'unknown' | 'published' | 'unpublished';

/** Whether the DNS provider of a claim can make its records, and what it would do. */
export interface SetupPicture {
  readonly state: 'unknown' | DomainSetup['state'];
  readonly provider: DomainSetup['provider'];
  readonly zone: string | null;
  /** Relative to the zone; null for its apex. */
  readonly host: string | null;
  readonly controlPanel: string | null;
  readonly window: DomainSetup['window'] | null;
  /** Indices of the records that it makes, among those of the advice. */
  readonly writes: readonly number[];
  /** The record by which certificates are made before the switch can be among them. */
  readonly isCertifying: boolean;
  /** Something is left to prepare before the name is switched. */
  readonly isPreparable: boolean;
  readonly replaces: readonly ReplacedRecord[];
  readonly checkedAt: Date | null;
  /** The record of the other claim of the pair that the link makes too; null: of none. */
  readonly pair: PairRecord | null;
  /** A link may be made for the claim's owner. */
  readonly isOffered: boolean;
  readonly facts: SetupFacts | null;
}

/** The CNAME record of `www`, made with those of its apex. */
export interface PairRecord {
  readonly hostname: string;
  /** Relative to the zone. */
  readonly name: string;
  readonly targetLabel: string;
  readonly value: string;
}

export interface PictureContext {
  /** The template that the claim needs now. */
  readonly serviceId: string;
  readonly keyState: KeyState;
  readonly now: Date;
}

const OUTCOME_OLD_AFTER = 10 * MINUTE;
/** Later it explains nothing that is wrong with the claim. */
const OUTCOME_TOLD_FOR = 7 * DAY;
/** Of claims whose records are ours to have made. */
const OPEN_STATES: ReadonlySet<string> = new Set(['pending', 'verified', 'lapsed']);

/** Pure. @param facts of the claim, without `setup` */
export function setupPicture(
  domain: Domain,
  facts: DomainFacts,
  { serviceId, keyState, now }: PictureContext,
): SetupPicture {
  const setup = domain.setup?.serviceId === serviceId ? domain.setup : null;
  // No CNAME record can be made where a zone begins, and the provider of the zone above has none of its records.
  const isCut = takesAddresses(facts) && !facts.isApex;
  const state = setup === null ? 'unknown' : isCut ? 'unsupported' : setup.state;
  const zone = setup?.zone ?? null;
  const known = {
    state,
    provider: setup?.provider ?? null,
    zone,
    host: zone === null || domain.isApex ? null : panelName(domain.hostname, zone),
    controlPanel: setup?.controlPanel ?? null,
    window: setup?.window ?? null,
    checkedAt: domain.setupCheckedAt,
  } as const;
  const isMakeable = state === 'available' && isOpen(domain) && zone !== null && isSeen(facts);
  const records = isMakeable ? adviseRecords(facts) : [];
  const isWanted = records.some((each) => each.required && isMissing(each));
  const isCertifying = records.some(isOurDelegation) && isDelegationSeen(facts);
  const isSwitching = records.some((each) => each.purpose === 'routing' && isMissing(each));
  const isUnprepared = records.some(
    (each) => isMissing(each) && (each.purpose === 'ownership' || isOurDelegation(each)),
  );
  const replaces = isWanted && zone !== null ? replacedRecords(facts, zone) : [];
  const isPast = (age: number) => isOlder(domain.setupReturnedAt, age, now);
  const isOffered = isWanted && keyState === 'published';
  return {
    ...known,
    writes: isWanted ? writtenOf(records, isCertifying) : [],
    isCertifying,
    isPreparable: isCertifying && isSwitching && isUnprepared,
    replaces,
    pair: null,
    isOffered,
    facts: {
      provider: setup?.provider?.name ?? 'the DNS provider',
      isOffered,
      isKeyMissing: isWanted && keyState === 'unpublished',
      replaces,
      outcome: isOpen(domain) && !isPast(OUTCOME_TOLD_FOR) ? domain.setupOutcome : null,
      isOutcomeOld: isPast(OUTCOME_OLD_AFTER),
    },
  };
}

/** The picture of an apex with the record of its `www`, where one link can make both. Pure. @param other the claim to `www` */
export function withPair(
  picture: SetupPicture,
  domain: Domain,
  other: { readonly domain: Domain; readonly facts: DomainFacts },
): SetupPicture {
  const { zone } = picture;
  const isPossible =
    picture.isOffered &&
    domain.isApex &&
    domain.setup?.hasPairTemplate === true &&
    zone === domain.hostname &&
    other.domain.hostname === `www.${zone}`;
  if (!isPossible || !isOpen(other.domain) || !isSeen(other.facts)) return picture;
  const isMissingThere = adviseRecords(other.facts).some(
    (each) => each.purpose === 'routing' && each.type === 'CNAME' && isMissing(each),
  );
  if (!isMissingThere) return picture;
  const { hostname, targetLabel } = other.domain;
  const { target: value } = other.facts.expected;
  const replaces = [...picture.replaces, ...replacedByRoute(other.facts, zone)];
  return {
    ...picture,
    replaces,
    facts: picture.facts && { ...picture.facts, replaces },
    pair: { hostname, name: panelName(hostname, zone), targetLabel, value },
  };
}

/**
 * A link is ours, looks like ours, and would point the name at this claim. So there is none for a name that another
 * account has proven or had lately, nor for one that the operator has blocked.
 */
function isOpen({ extid, ownership, needsCnameProof, blockedAt }: Domain): boolean {
  return extid !== '' && OPEN_STATES.has(ownership) && !needsCnameProof && blockedAt === null;
}

/** The look-ups have shown what the provider would remove. From a failure, or before a look, nothing is known. */
function isSeen({ isApex, cname, a, aaaa, mx, txtAtName, txt }: DomainFacts): boolean {
  if (hasFailed(txt) || hasFailed(cname)) return false;
  // No other record is the name's own beside an alias.
  if (valuesOf(cname).length > 0) return true;
  return ![a, aaaa, ...(isApex ? [] : [mx, txtAtName])].some(hasFailed);
}

/** The same for `_acme-challenge`: what another service has there would be overwritten. */
function isDelegationSeen({ acmeChallenge: { cname, txt } }: DomainFacts): boolean {
  return !hasFailed(cname) && (valuesOf(cname).length > 0 || !hasFailed(txt));
}

/** Those that the link makes, required or not, and that are not as they should be. What is in their way goes by itself. */
function writtenOf(records: readonly DnsRecordAdvice[], isCertifying: boolean): number[] {
  return records.flatMap((each, index) => {
    const isInLink = each.purpose !== 'certificate' || (isCertifying && isOurDelegation(each));
    return isInLink && isMissing(each) ? [index] : [];
  });
}

function isMissing({ purpose, action }: DnsRecordAdvice): boolean {
  return purpose !== 'caa' && (action === 'add' || action === 'change');
}

/** What renews the certificate of another service is not to be replaced. */
function isOurDelegation({ purpose, status }: DnsRecordAdvice): boolean {
  return purpose === 'certificate' && status !== 'conflict';
}

function isOlder(instant: Date | null, age: number, now: Date): boolean {
  return instant !== null && now.getTime() - instant.getTime() >= age;
}
