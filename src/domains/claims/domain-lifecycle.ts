import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import type { DomainEvent } from '../domain-event.js';
import { AppError } from '../../shared/app-error.js';
import { databaseNow } from './database-now.js';
import { checkRivalsSoon, lockClaims } from './competing-claims.js';
import { isProven } from '../ownership.js';
import type { DomainLook } from '../domain-look.js';
import { checkPolicy, describePolicy, type DomainPolicy } from '../domain-policy.js';
import { announceChange } from './domain-changes.js';
import { writeEvents } from './domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';

/** What its owner decides about a domain. Absent: as it is. */
export interface DomainSwitches {
  /** Clients without an account may create secrets by the pages. */
  readonly homepageEnabled?: boolean;
  /** The same by the API. */
  readonly apiEnabled?: boolean;
  readonly policy?: Partial<DomainPolicy>;
  /** What the brand is to be, from what it is. Whatever it throws leaves the domain as it is. */
  readonly brand?: (look: DomainLook) => DomainLook['brand'];
}

/** `accountId`: whose it was when the change was decided. */
type ClaimKey = Pick<DomainEntity, 'id' | 'hostname' | 'accountId'>;
type Change = Partial<Omit<DomainEntity, 'facts'>>;

/**
 * Changes of a claim by its owner, its plan or its account; DomainTransitions has the ones that follow from checks. Each
 * is one transaction with its event and its announcement. Throws AppError `not_found` for a claim that was given to
 * another account meanwhile.
 */
@Injectable()
export class DomainLifecycle {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Removes the claim, and with it the one to the other name of the pair, if that redirects to this one: not if the name
   * has moved, since the other one has not. The names stop serving at once in all processes. Returns the claims as they
   * were, without those that were removed already.
   */
  release(
    claim: ClaimKey,
    reason: 'by_owner' | 'by_operator' | 'account_removed' | 'moved',
    actor: Actor = GATEWAY,
  ): Promise<readonly DomainEntity[]> {
    return this.dataSource.transaction(async (manager) => {
      const released: DomainEntity[] = [];
      const claims = reason === 'moved' ? [claim] : await withRedirecting(manager, claim);
      for (const each of claims) {
        const own = await changeIn(manager, each, actor, (before) =>
          releaseOf(manager, before, reason),
        );
        if (own !== null) released.push(own);
      }
      return released;
    });
  }

  /** @throws AppError `invalid_request` for a policy that contradicts itself */
  configure(claim: ClaimKey, switches: DomainSwitches, actor: Actor = GATEWAY): Promise<void> {
    return this.#change(claim, actor, (own) => {
      const policy = { ...own.policy, ...switches.policy };
      checkPolicy(policy);
      const columns = {
        homepageEnabled: switches.homepageEnabled ?? own.homepageEnabled,
        apiEnabled: switches.apiEnabled ?? own.apiEnabled,
        policy,
        look: { ...own.look, brand: switches.brand?.(own.look) ?? own.look.brand },
      };
      const { homepageEnabled, apiEnabled, look } = own;
      if (isDeepStrictEqual(columns, { homepageEnabled, apiEnabled, policy: own.policy, look }))
        return null;
      const detail = {
        homepage: columns.homepageEnabled,
        api: columns.apiEnabled,
        ...(!isDeepStrictEqual(policy, own.policy) && { policy: describePolicy(policy) }),
        ...brandChange(look.brand, columns.look.brand),
      };
      return { columns, event: { axis: 'serving', type: 'configured', detail } };
    });
  }

  /** The plan of the account has no custom domains any more: the name serves for 14 more days. */
  lapsePlan(claim: ClaimKey): Promise<void> {
    return this.#change(claim, GATEWAY, async (own, manager) => {
      if (own.planLapsedAt !== null) return null;
      const columns = { planLapsedAt: await databaseNow(manager) };
      return { columns, event: { axis: 'serving', type: 'plan_lapsed', detail: {} } };
    });
  }

  restorePlan(claim: ClaimKey): Promise<void> {
    return this.#change(claim, GATEWAY, (own) => {
      if (own.planLapsedAt === null) return null;
      const columns = { planLapsedAt: null };
      return { columns, event: { axis: 'serving', type: 'plan_restored', detail: {} } };
    });
  }

  async #change(claim: ClaimKey, actor: Actor, decide: Decide): Promise<void> {
    await this.dataSource.transaction((manager) => changeIn(manager, claim, actor, decide));
  }
}

/** Returns the claim as it was; null: nothing was changed. */
async function changeIn(
  manager: EntityManager,
  { id, hostname, accountId }: ClaimKey,
  actor: Actor,
  decide: Decide,
): Promise<DomainEntity | null> {
  const own = (await lockClaims(manager, hostname)).find((claim) => claim.id === id);
  if (own !== undefined && own.accountId !== accountId)
    throw new AppError('not_found', 'Domain not found');
  const decision = own === undefined ? null : await decide(own, manager);
  if (own === undefined || decision === null) return null;
  const generation = own.generation + 1;
  const columns = { ...decision.columns, generation, updatedAt: NOW };
  await manager.getRepository(DomainEntity).update(id, columns);
  await writeEvents(manager, own, [decision.event], actor);
  await announceChange(manager, hostname);
  return own;
}

/** The claim and those that redirect to it, in the order of the names, as claims to a pair are locked. */
async function withRedirecting(manager: EntityManager, claim: ClaimKey): Promise<ClaimKey[]> {
  const redirecting = await manager.getRepository(DomainEntity).find({
    select: { id: true, hostname: true, accountId: true },
    where: { mainId: claim.id, accountId: claim.accountId, removedAt: IsNull() },
  });
  return [claim, ...redirecting].toSorted((one, other) => (one.hostname < other.hostname ? -1 : 1));
}

async function releaseOf(
  manager: EntityManager,
  own: DomainEntity,
  reason: string,
): Promise<Decision> {
  const now = await databaseNow(manager);
  const wasProven = isProven(own);
  if (wasProven) await checkRivalsSoon(manager, own);
  return {
    columns: { removedAt: now, nextCheckAt: null, lostAt: wasProven ? now : own.lostAt },
    event: { axis: 'ownership', type: 'released', detail: { reason } },
  };
}

/** The names of what changed; the texts themselves would fill the timeline. */
function brandChange(before: DomainLook['brand'], after: DomainLook['brand']): object {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return changed.length === 0 ? {} : { brand: changed };
}

const NOW = (): string => 'now()';

type Decide = (own: DomainEntity, manager: EntityManager) => Decision | Promise<Decision>;
type Decision = { readonly columns: Change; readonly event: DomainEvent } | null;
