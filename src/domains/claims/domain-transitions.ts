import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import { nextCheckAt } from './check-schedule.js';
import type { ObservedFacts } from '../domain-facts.js';
import type { DomainSetup } from '../domain-setup.js';
import { databaseNow } from './database-now.js';
import { checkRivalsSoon, holderAmong, isInQuarantine, lockClaims } from './competing-claims.js';
import { announceChange } from './domain-changes.js';
import { writeEvents } from './domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';
import { loseName, nextOwnership } from './next-ownership.js';
import type { Proof } from '../diagnosis/ownership-proof.js';
import { nextDelegation } from './next-delegation.js';
import { nextRouting } from './next-routing.js';
import type { DelegationState } from '../delegation.js';
import type { RoutingState } from '../routing.js';

/** The facts of one check, and the conclusions for ownership and routing. */
export interface Observation {
  readonly facts: ObservedFacts;
  readonly proof: Proof;
  readonly routing: RoutingState;
  readonly delegation: DelegationState;
  /** The probe reached one of this region's gateways. */
  readonly isReached: boolean;
  /** What the DNS provider says of itself; null: it could not be asked. Absent: it was not its turn. */
  readonly setup?: DomainSetup | null | undefined;
}

/** Applies the observations of checks to claims: columns, timeline and announcement in one transaction. */
@Injectable()
export class DomainTransitions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Returns false and changes nothing if the claim was removed, or if its fence has grown since the check began: it was
   * leased again or renewed.
   * @param asker who asked for the check: they proved the name, if it did; what else it found nobody did
   */
  apply(
    claim: Pick<DomainEntity, 'id' | 'hostname' | 'fence'>,
    seen: Observation,
    asker: Actor,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockClaims(manager, claim.hostname);
      const own = claims.find(({ id }) => id === claim.id);
      if (own === undefined || own.fence !== claim.fence) return false;
      await applyTo(manager, own, holderAmong(claims, own.accountId), seen, asker);
      return true;
    });
  }
}

async function applyTo(
  manager: EntityManager,
  own: DomainEntity,
  holder: DomainEntity | null,
  seen: Observation,
  asker: Actor,
): Promise<void> {
  const now = await databaseNow(manager);
  const needsCnameProof = await isInQuarantine(manager, own.hostname, own.accountId);
  const ownership = nextOwnership(own, {
    proof: seen.proof,
    isApex: own.isApex,
    holder: holderStateOf(holder),
    needsCnameProof,
    isVouched: own.vouchedUntil !== null && own.vouchedUntil > now,
    now,
  });
  const routing = nextRouting(own, { state: seen.routing, isReached: seen.isReached, now });
  const delegation = nextDelegation(own, { state: seen.delegation, now });
  const events = [...ownership.events, ...routing.events, ...delegation.events];

  // Before own becomes verified: `domains_hostname_proven_key` allows one holder.
  if (ownership.takesOver && holder !== null) await takeFrom(manager, holder, now);
  const next = { ...ownership.next, ...routing.next, ...delegation.next };
  const checkAttempts = events.length > 0 ? 0 : own.checkAttempts + 1;
  await manager.getRepository(DomainEntity).update(own.id, {
    ...next,
    needsCnameProof,
    facts: storable(seen.facts),
    ...setupColumns(seen, now),
    checkedAt: now,
    nextCheckAt: nextCheckAt({ ...next, checkAttempts }, now, Math.random()),
    checkAttempts,
    generation: own.generation + (events.length > 0 ? 1 : 0),
    leaseOwner: null,
    leasedUntil: null,
    updatedAt: now,
  });
  for (const event of events)
    await writeEvents(manager, own, [event], PROVING.has(event.type) ? asker : GATEWAY);
  if (next.lostAt !== null && own.lostAt === null) await checkRivalsSoon(manager, own);
  const leadsElsewhere = (own.pointedAt === null) !== (next.pointedAt === null);
  const isDelegationNew = (own.delegatedAt === null) !== (next.delegatedAt === null);
  if (next.ownership !== own.ownership || leadsElsewhere || isDelegationNew)
    await announceChange(manager, own.hostname);
}

const PROVING: ReadonlySet<string> = new Set(['verified', 'proof_returned']);

/** The events of the previous holder do not name the new one. */
async function takeFrom(manager: EntityManager, holder: DomainEntity, now: Date): Promise<void> {
  const { next, events } = loseName(holder, now, 'proven_by_another_account');
  const columns = { ...next, nextCheckAt: null, updatedAt: now };
  await manager.getRepository(DomainEntity).update(holder.id, columns);
  await writeEvents(manager, holder, events, GATEWAY);
}

function holderStateOf(holder: DomainEntity | null): 'none' | 'verified' | 'lapsed' {
  if (holder === null) return 'none';
  return holder.ownership === 'lapsed' ? 'lapsed' : 'verified';
}

/** A failure changes nothing but the time of the next look. */
function setupColumns({ setup }: Observation, now: Date): object {
  if (setup === undefined) return {};
  return { ...(setup !== null && { setup }), setupCheckedAt: now };
}

/** jsonb accepts neither NUL nor a lone surrogate. A name server may send both. */
function storable(facts: ObservedFacts): object {
  return JSON.parse(JSON.stringify(facts), (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value,
  ) as object;
}
