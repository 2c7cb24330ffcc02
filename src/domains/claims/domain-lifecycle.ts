import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import type { DomainEvent } from '../domain-event.js';
import { AppError } from '../../shared/app-error.js';
import { databaseNow } from './database-now.js';
import { checkRivalsSoon, lockClaims, lockPair, secondAmong } from './competing-claims.js';
import { isProven } from '../ownership.js';
import type { DomainLook } from '../domain-look.js';
import { checkPolicy, describePolicy, type DomainPolicy } from '../domain-policy.js';
import { announcePair } from './domain-changes.js';
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
      const named = await manager.getRepository(DomainEntity).findOneBy({ id: claim.id });
      if (named === null) return [];
      const isAlone = reason === 'moved';
      const claims = await (isAlone
        ? lockClaims(manager, claim.hostname)
        : lockPair(manager, named));
      const second = isAlone ? undefined : secondAmong(claims, claim);
      const released: DomainEntity[] = [];
      for (const { id, accountId } of second === undefined ? [claim] : [claim, second]) {
        const own = claimIn(claims, { id, accountId });
        const isDone = await changeIn(manager, own, actor, (before) =>
          releaseOf(manager, before, reason),
        );
        if (isDone && own !== undefined) released.push(own);
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
    await this.dataSource.transaction(async (manager) => {
      const own = claimIn(await lockClaims(manager, claim.hostname), claim);
      await changeIn(manager, own, actor, decide);
    });
  }
}

/** Undefined: it was removed. */
function claimIn(
  claims: readonly DomainEntity[],
  { id, accountId }: Pick<ClaimKey, 'id' | 'accountId'>,
): DomainEntity | undefined {
  const own = claims.find((claim) => claim.id === id);
  if (own !== undefined && own.accountId !== accountId)
    throw new AppError('not_found', 'Domain not found');
  return own;
}

/** Returns whether anything was changed. @param own under the lock of its name */
async function changeIn(
  manager: EntityManager,
  own: DomainEntity | undefined,
  actor: Actor,
  decide: Decide,
): Promise<boolean> {
  const decision = own === undefined ? null : await decide(own, manager);
  if (own === undefined || decision === null) return false;
  const generation = own.generation + 1;
  const columns = { ...decision.columns, generation, updatedAt: NOW };
  await manager.getRepository(DomainEntity).update(own.id, columns);
  await writeEvents(manager, own, [decision.event], actor);
  await announcePair(manager, own.id);
  return true;
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
