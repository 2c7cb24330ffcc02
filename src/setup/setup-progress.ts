import { createHash } from 'node:crypto';
import type { CertificateState } from '../certificates/certificate-state.js';
import type { OwnershipState } from '../domains/ownership.js';
import type { RoutingState } from '../domains/routing.js';
import type { DomainView } from './domain-view.js';
import type { ServingBlocker } from './serving.js';

/** How far a set-up is: what a stream of events says. It has no record's value and nothing of the account. */
export interface SetupProgress {
  /** Changes with what the set-up page shows, but not with the time of the last look. */
  readonly version: string;
  readonly ready: boolean;
  readonly blockedBy: readonly ServingBlocker[];
  readonly ownership: OwnershipState;
  readonly routing: RoutingState;
  readonly certificate: CertificateState;
  /** The codes of what is wrong, the most urgent first. */
  readonly issues: readonly string[];
  readonly checkedAt: string | null;
}

export function progressOf(view: DomainView): SetupProgress {
  const { domain, diagnosis, certificate, serving } = view;
  return {
    version: versionOf(view),
    ready: serving.ready,
    blockedBy: serving.blockedBy,
    ownership: domain.ownership,
    routing: domain.routing,
    certificate: certificate.state,
    issues: diagnosis.issues.map(({ code }) => code),
    checkedAt: domain.checkedAt?.toISOString() ?? null,
  };
}

const VERSION_LENGTH = 16;

function versionOf({ domain, diagnosis, certificate, serving, connect, move }: DomainView): string {
  const { ownership, routing, delegation, generation, pointedAt } = domain;
  const shown = {
    claim: [ownership, routing, delegation, generation, pointedAt === null],
    issues: diagnosis.issues.map(({ code, severity, fix }) => [code, severity, fix]),
    // The TTL that a resolver shows counts down.
    records: diagnosis.records.map((record) => ({ ...record, ttlObserved: null })),
    certificate,
    serving,
    connect: connect === null ? null : { ...connect, checkedAt: null },
    move: move?.state ?? null,
  };
  const digest = createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
  return digest.slice(0, VERSION_LENGTH);
}
