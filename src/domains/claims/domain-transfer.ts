import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { COMMAND_LINE, GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import { writeActivity } from '../../accounts/activity/write-activity.js';
import { lockAccount } from '../../accounts/lock-account.js';
import { AppError } from '../../shared/app-error.js';
import { DomainEntity } from '../domain.entity.js';
import { NO_LOOK } from '../domain-look.js';
import { NO_POLICY } from '../domain-policy.js';
import { isProven } from '../ownership.js';
import { lockDomainsOf, requireCapacity } from './account-capacity.js';
import { lockClaims } from './competing-claims.js';
import { databaseNow } from './database-now.js';
import { announceChange } from './domain-changes.js';
import { writeEvents } from './domain-timeline.js';

export interface Receiver {
  readonly accountId: AccountId;
  /** How many domains the account may have. */
  readonly domainsMax: number;
}

const FULL = {
  field: 'account',
  message: 'The plan of the receiving account allows no more domains.',
};

type ClaimKey = Pick<DomainEntity, 'id' | 'hostname'>;

/**
 * Moves a proven claim to another account of the region, with its records, its timeline and its certificate. What its
 * former owner chose for its pages does not go with it: see choicesOf() and takeImages().
 */
@Injectable()
export class DomainTransfer {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The receiver's own claim to the name, if any, is removed. Does nothing when it has the domain already. Throws AppError
   * `not_found` for a removed claim and for an account that is being removed, `invalid_request` with reason `NOT_PROVEN` or `DOMAIN_LIMIT`.
   */
  transfer(
    { id, hostname }: ClaimKey,
    { accountId, domainsMax }: Receiver,
    actor: Actor = COMMAND_LINE,
  ): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await lockDomainsOf(manager, accountId);
      await lockAccount(manager, accountId, GATEWAY);
      const claims = await lockClaims(manager, hostname);
      const own = claims.find((claim) => claim.id === id);
      if (own === undefined) throw new AppError('not_found', 'Domain not found');
      if (own.accountId === accountId) return;
      if (!isProven(own))
        throw new AppError('invalid_request', 'Only a proven domain can be transferred.', {
          reason: 'NOT_PROVEN',
        });
      const other = claims.find((claim) => claim.accountId === accountId);
      if (other !== undefined) await removeClaim(manager, other, actor);
      await requireCapacity(manager, { accountId, domainsMax }, FULL);
      await manager.getRepository(DomainEntity).update(id, {
        accountId,
        ...choicesOf(other),
        planLapsedAt: null,
        generation: own.generation + 1,
        updatedAt: () => 'now()',
      });
      await takeImages(manager, own, other);
      // Back at its first owner, a claim would open them again.
      await manager.query('delete from setup_links where domain_id = $1', [id]);
      const transferred = { axis: 'ownership', type: 'transferred', detail: {} } as const;
      await writeEvents(manager, own, [transferred], actor);
      const subject = { id: own.extid, domain: hostname };
      await writeActivity(manager, accountId, actor, { action: 'domain.received', subject });
      await announceChange(manager, hostname);
    });
  }
}

/** Who may create, under which policy, and the look: as the receiver has chosen for a claim of its own, or as at first. */
function choicesOf(
  receivers: DomainEntity | undefined,
): Pick<DomainEntity, 'homepageEnabled' | 'apiEnabled' | 'policy' | 'look'> {
  const { homepageEnabled = false, apiEnabled = false, policy = NO_POLICY } = receivers ?? {};
  const { look = NO_LOOK } = receivers ?? {};
  return { homepageEnabled, apiEnabled, policy, look };
}

/** The bytes of the images that the look names. */
async function takeImages(
  manager: EntityManager,
  own: DomainEntity,
  receivers: DomainEntity | undefined,
): Promise<void> {
  await manager.query('delete from domain_images where domain_id = $1', [own.id]);
  if (receivers === undefined) return;
  await manager.query('update domain_images set domain_id = $1 where domain_id = $2', [
    own.id,
    receivers.id,
  ]);
}

async function removeClaim(
  manager: EntityManager,
  claim: DomainEntity,
  actor: Actor,
): Promise<void> {
  await manager.getRepository(DomainEntity).update(claim.id, {
    removedAt: await databaseNow(manager),
    nextCheckAt: null,
    generation: claim.generation + 1,
    updatedAt: () => 'now()',
  });
  const detail = { reason: 'replaced_by_transfer' };
  await writeEvents(manager, claim, [{ axis: 'ownership', type: 'released', detail }], actor);
}
