import type { CertificateState } from '../certificates/certificate-state.js';
import type { CertificateSource, HeldBy } from '../certificates/issuance.js';
import type { DomainEventRecord } from '../domains/domain-event.js';
import { isEnded, type DomainMove } from '../domains/domain-move.js';
import type { DomainView } from './domain-view.js';
import { panelOf, type DnsPanel } from '../domains/diagnosis/dns-panel.js';
import { hostingZone, panelName } from '../domains/diagnosis/record-wording.js';
import type { ReplacedRecord } from '../domains/domain-setup.js';
import { findingsOf, type Finding } from './setup-findings.js';
import { progressOf } from './setup-progress.js';
import { recordLines, recordsToChange, type RecordLine } from './setup-records.js';
import { setupStateOf, setupStepsOf, type SetupState, type SetupStep } from './setup-state.js';

/** The certificate, as its owner needs it. */
export interface CertificateLine {
  readonly state: CertificateState;
  readonly source: CertificateSource;
  readonly isServable: boolean;
  readonly ca: string | null;
  readonly notAfter: Date | null;
  readonly renewAfter: Date | null;
  readonly attempts: number;
  readonly nextAt: Date | null;
  readonly heldBy: HeldBy;
}

/** What the DNS provider does, if the customer lets it. */
export interface ConnectLine {
  readonly provider: string;
  /** Of the page that asks for consent. */
  readonly host: string;
  readonly url: string;
  readonly prepareUrl: string | null;
  /** Their names, as those of `replaces`, are relative to the zone that the provider has. */
  readonly writes: readonly RecordLine[];
  readonly replaces: readonly ReplacedRecord[];
  /** Of the other name of the pair. */
  readonly pair: { readonly name: string; readonly value: string } | null;
}

/**
 * Everything that a set-up page shows of one claim, as codes and values: no text, nothing of the account, and nothing of
 * its other domains.
 */
export interface SetupView {
  /** As it is displayed: Unicode. */
  readonly name: string;
  /** As the DNS has it: ASCII. */
  readonly hostname: string;
  readonly zone: string;
  /** Changes with what the page shows. */
  readonly version: string;
  readonly state: SetupState;
  readonly steps: readonly SetupStep[];
  readonly servingSince: Date | null;
  /** What to change, in the order in which it works. */
  readonly toChange: readonly RecordLine[];
  /** The optional record for a certificate before the switch, as long as it can be made; else null. */
  readonly ahead: RecordLine | null;
  /** All others. */
  readonly otherRecords: readonly RecordLine[];
  readonly findings: readonly Finding[];
  /** Null: none is offered, or not to whoever sees this. */
  readonly connect: ConnectLine | null;
  /** Of a DNS provider that speaks Domain Connect, and does not know us. */
  readonly strangeProvider: string | null;
  /** Where the records are made by hand; null: unknown. */
  readonly panel: DnsPanel | null;
  readonly certificate: CertificateLine;
  readonly checkedAt: Date | null;
  /** Null: it is not checked any more. */
  readonly nextCheckAt: Date | null;
  /** When an unproven claim ends; null: it is proven. */
  readonly endsAt: Date | null;
  /** To or from another region, while it is under way; null: it is not. */
  readonly move: Pick<DomainMove, 'direction' | 'region' | 'state'> | null;
  /** Newest first. */
  readonly events: readonly DomainEventRecord[];
}

/** Null: none is under way. */
export function openMove(move: DomainMove | null): SetupView['move'] {
  if (move === null || isEnded(move.state)) return null;
  const { direction, region, state } = move;
  return { direction, region, state };
}

/** Pure. @param events the newest of the claim's timeline */
export function setupViewOf(view: DomainView, events: readonly DomainEventRecord[]): SetupView {
  const { domain, facts, diagnosis, certificate, serving } = view;
  const lines = recordLines(facts, diagnosis.records, diagnosis.issues);
  const toChange = domain.ownership === 'revoked' ? [] : recordsToChange(lines);
  const ahead = domain.ownership === 'revoked' || domain.pointedAt !== null ? null : aheadIn(lines);
  return {
    name: domain.displayName,
    hostname: domain.hostname,
    zone: facts.zone,
    version: progressOf(view).version,
    state: setupStateOf(view),
    steps: setupStepsOf(view),
    servingSince: serving.since,
    toChange,
    ahead,
    otherRecords: lines.filter((line) => line !== ahead && !toChange.includes(line)),
    findings: findingsOf(facts, diagnosis.issues, lines),
    connect: connectLineOf(view, lines),
    strangeProvider:
      view.connect?.state === 'no_template' ? (view.connect.provider?.name ?? null) : null,
    panel: panelOf(facts.nameServers, hostingZone(facts)),
    certificate: {
      state: certificate.state,
      source: certificate.source,
      isServable: certificate.isServable,
      ca: certificate.ca,
      notAfter: certificate.notAfter,
      renewAfter: certificate.renewAfter,
      attempts: certificate.attempts.count,
      nextAt: certificate.attempts.nextAt,
      heldBy: certificate.attempts.heldBy,
    },
    checkedAt: domain.checkedAt,
    nextCheckAt: domain.nextCheckAt,
    endsAt: serving.ready || domain.verifiedAt !== null ? null : domain.challengeExpiresAt,
    move: openMove(view.move),
    events,
  };
}

function aheadIn(lines: readonly RecordLine[]): RecordLine | null {
  return (
    lines.find(({ purpose, action }) => purpose === 'certificate' && action !== 'keep') ?? null
  );
}

function connectLineOf(
  { connect, links, facts }: DomainView,
  lines: readonly RecordLine[],
): ConnectLine | null {
  if (links === null || connect === null) return null;
  const { host } = new URL(links.url);
  const zone = connect.zone ?? facts.zone;
  return {
    provider: connect.provider?.name ?? host,
    host,
    url: links.url,
    prepareUrl: links.prepareUrl,
    writes: lines
      .filter(({ ref }) => connect.writes.includes(ref))
      .map((line) => ({ ...line, name: panelName(line.fqdn, zone) })),
    replaces: connect.replaces,
    pair: connect.pair,
  };
}
