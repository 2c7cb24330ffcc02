import { Injectable } from '@nestjs/common';
import type { CaaDecision } from '../../dns/caa-policy.js';
import { formatCaa } from '../../dns/caa-record.js';
import type { Hostname } from '../../shared/hostname.js';
import { PERSIST_TYPE } from '../../acme/acme-objects.js';
import type { ChallengeType } from '../../acme/authorize-order.js';
import { CaaGate, RoutingGate, type RoutingVerdict } from '../gates.js';
import { CaHolds } from '../ca/ca-holds.js';
import type { Validation } from './order-run.js';
import type { LedgerName } from '../ca/ca-ledger.js';
import type { HeldBy, LeasedIssuance, StoredProblem } from '../issuance.js';
import { ChallengeStore } from '../stores/challenge.store.js';
import { ownProblem } from '../stored-problem.js';
import type { Issuer } from '../issuers/issuer.js';
import type { Need } from '../stores/wanted-names.store.js';

export type Permit =
  | { readonly kind: 'granted'; readonly challengeTypes: readonly ChallengeType[] }
  /** A hold covers this name at the CA. */
  | { readonly kind: 'on_hold'; readonly heldBy: HeldBy; readonly seconds: number }
  /** The name's CAA records forbid an order. */
  | { readonly kind: 'forbidden'; readonly problem: StoredProblem };

const OWN_HOST: RoutingVerdict = {
  kind: 'pointed',
  challengeTypes: ['http-01', 'tls-alpn-01'],
  isUncertain: false,
};

/** Whether a certificate may be ordered from an issuer now. Checks DNS and the holds; never makes an order. */
@Injectable()
export class IssuePermit {
  constructor(
    private readonly caa: CaaGate,
    private readonly routing: RoutingGate,
    private readonly holds: CaHolds,
    private readonly challenges: ChallengeStore,
  ) {}

  /** For an order that only waits for its CA: it was checked when it was made. Null: there is none. */
  async findStarted({ hostname, orderUrl, heldBy }: LeasedIssuance): Promise<Validation | null> {
    if (orderUrl === null || heldBy !== 'none') return null;
    const challengeType = await this.challenges.findType(hostname);
    if (challengeType === null) return null;
    const started = { challengeTypes: [challengeType], isStarted: true };
    return challengeType === PERSIST_TYPE ? { ...started, permitsPersist: () => true } : started;
  }

  /** The region's own hosts need no check. */
  checkRouting(hostname: Hostname, need: Need): Promise<RoutingVerdict> {
    if (need.domainId === null) {
      return Promise.resolve(OWN_HOST);
    }
    return this.routing.check(hostname);
  }

  /** @throws AcmeProblem when the issuer's CAA identities cannot be read */
  async check(
    issuer: Issuer,
    name: LedgerName,
    { challengeTypes, isStarted }: Validation,
  ): Promise<Permit> {
    if (issuer.source === 'local') return { kind: 'granted', challengeTypes };
    const hostname = name.hostname as Hostname;
    const hold = await this.holds.find(issuer.name, hostname, name.registrableDomain);
    if (hold !== null) return { kind: 'on_hold', heldBy: hold.reason, seconds: hold.secondsLeft };
    if (isStarted) return { kind: 'granted', challengeTypes };
    const decisions: CaaDecision[] = [];
    for (const identity of await identitiesOf(issuer)) {
      const decision = await this.caa.check(hostname, {
        ...identity,
        methods: [...challengeTypes],
      });
      const permitted = permittedAmong(challengeTypes, decision);
      if (permitted.length > 0) return { kind: 'granted', challengeTypes: permitted };
      decisions.push(decision);
    }
    return { kind: 'forbidden', problem: problemOf(decisions, issuer) };
  }
}

const UNANSWERABLE =
  'The name servers do not answer questions for CAA records, so no CA may issue.';

/** A CA without an identity matches no CAA record, so any restriction forbids it. */
async function identitiesOf(issuer: Issuer): Promise<Awaited<ReturnType<Issuer['identities']>>> {
  const identities = await issuer.identities();
  if (identities.length > 0) return identities;
  return [{ domain: '', accountUri: null, methods: [] }];
}

/** In their order. */
function permittedAmong(
  challengeTypes: readonly ChallengeType[],
  decision: CaaDecision,
): ChallengeType[] {
  if (decision.kind !== 'permitted') return [];
  return challengeTypes.filter((type) => decision.methods.includes(type));
}

function problemOf(decisions: readonly CaaDecision[], issuer: Issuer): StoredProblem {
  const found = decisions.find(({ kind }) => kind === 'forbidden') ?? decisions[0];
  const isUnanswerable = found?.kind === 'unanswerable';
  return isUnanswerable
    ? ownProblem('caa_unanswerable', UNANSWERABLE, issuer.name)
    : ownProblem(
        'caa_forbidden',
        `The CAA records do not permit ${issuer.name}${reasonOf(found)}.`,
        issuer.name,
      );
}

function reasonOf(decision: CaaDecision | undefined): string {
  if (decision?.kind !== 'forbidden') return '';
  switch (decision.reason) {
    case 'issuer':
      return '';
    case 'account':
      return ' for our account there';
    case 'method':
      return ' with a validation method that can be used here';
    case 'critical':
      return `: ${formatCaa(decision.record)} is critical and not understood`;
  }
}
