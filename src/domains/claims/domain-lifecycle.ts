import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import type { DomainEvent } from '../domain-event.js';
import { databaseNow } from './database-now.js';
import { checkRivalsSoon, lockClaims } from './competing-claims.js';
import { isProven } from '../ownership.js';
import { announceChange } from './domain-changes.js';
import { writeEvents } from './domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';

/** What clients without an account may do on the domain. */
export interface DomainToggles {
  readonly homepageEnabled?: boolean;
  readonly apiEnabled?: boolean;
}

type ClaimKey = Pick<DomainEntity, 'id' | 'hostname'>;
type Change = Partial<Omit<DomainEntity, 'facts'>>;

/**
 * Changes of a claim by its owner, its plan or its account; DomainTransitions has the ones that follow from checks. Each
 * is one transaction with its event and its announcement.
 */
@Injectable()
export class DomainLifecycle {
  constructor(private readonly dataSource: DataSource) {}

  /** Removes the claim. The name stops serving at once in all processes. Does nothing if the claim is removed already. */
  release(
    claim: ClaimKey,
    reason: 'by_owner' | 'by_operator' | 'account_removed',
    actor: Actor = GATEWAY,
  ): Promise<void> {
    return this.#change(claim, actor, async (manager, own) => {
      const now = await databaseNow(manager);
      const wasProven = isProven(own);
      if (wasProven) await checkRivalsSoon(manager, own);
      return {
        columns: { removedAt: now, nextCheckAt: null, lostAt: wasProven ? now : own.lostAt },
        event: { axis: 'ownership', type: 'released', detail: { reason } },
      };
    });
  }

  configure(claim: ClaimKey, toggles: DomainToggles, actor: Actor = GATEWAY): Promise<void> {
    return this.#change(claim, actor, (_manager, own) => {
      const columns = {
        homepageEnabled: toggles.homepageEnabled ?? own.homepageEnabled,
        apiEnabled: toggles.apiEnabled ?? own.apiEnabled,
      };
      const isSame =
        columns.homepageEnabled === own.homepageEnabled && columns.apiEnabled === own.apiEnabled;
      if (isSame) return null;
      const detail = { homepage: columns.homepageEnabled, api: columns.apiEnabled };
      return { columns, event: { axis: 'serving', type: 'configured', detail } };
    });
  }

  /** The plan of the account has no custom domains any more: the name serves for 14 more days. */
  lapsePlan(claim: ClaimKey): Promise<void> {
    return this.#change(claim, GATEWAY, async (manager, own) => {
      if (own.planLapsedAt !== null) return null;
      const columns = { planLapsedAt: await databaseNow(manager) };
      return { columns, event: { axis: 'serving', type: 'plan_lapsed', detail: {} } };
    });
  }

  restorePlan(claim: ClaimKey): Promise<void> {
    return this.#change(claim, GATEWAY, (_manager, own) => {
      if (own.planLapsedAt === null) return null;
      const columns = { planLapsedAt: null };
      return { columns, event: { axis: 'serving', type: 'plan_restored', detail: {} } };
    });
  }

  #change(
    { id, hostname }: ClaimKey,
    actor: Actor,
    decide: (manager: EntityManager, own: DomainEntity) => Decision | Promise<Decision>,
  ): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const own = (await lockClaims(manager, hostname)).find((claim) => claim.id === id);
      const decision = own === undefined ? null : await decide(manager, own);
      if (own === undefined || decision === null) return;
      const generation = own.generation + 1;
      const columns = { ...decision.columns, generation, updatedAt: NOW };
      await manager.getRepository(DomainEntity).update(id, columns);
      await writeEvents(manager, own, [decision.event], actor);
      await announceChange(manager, hostname);
    });
  }
}

const NOW = (): string => 'now()';

type Decision = { readonly columns: Change; readonly event: DomainEvent } | null;
