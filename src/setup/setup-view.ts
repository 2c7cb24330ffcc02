import type { CertificateState } from '../certificates/certificate-state.js';
import type { CertificateSource, HeldBy } from '../certificates/issuance.js';
import type { DomainEventRecord } from '../domains/domain-event.js';
import type { DomainView } from './domain-view.js';
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
  readonly certificate: CertificateLine;
  readonly checkedAt: Date | null;
  /** Null: it is not checked any more. */
  readonly nextCheckAt: Date | null;
  /** When an unproven claim ends; null: it is proven. */
  readonly endsAt: Date | null;
  /** Newest first. */
  readonly events: readonly DomainEventRecord[];
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
    events,
  };
}

function aheadIn(lines: readonly RecordLine[]): RecordLine | null {
  return (
    lines.find(({ purpose, action }) => purpose === 'certificate' && action !== 'keep') ?? null
  );
}
