import { IsNull, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { writeActivity } from '../../accounts/activity/write-activity.js';
import { lockAccount } from '../../accounts/lock-account.js';
import { appendEvent } from '../../outbox/append-event.js';
import { AppError } from '../../shared/app-error.js';
import type { Hostname } from '../../shared/hostname.js';
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

export interface Giving {
  readonly receiver: Receiver;
  /** Who did it, for the activity of the former owner and of the receiver. */
  readonly actors: { readonly giver: Actor; readonly receiver: Actor };
  /** Whether the look and the rules of the domain go with it; else they are as the receiver has chosen for a claim of its own. */
  readonly keepsChoices: boolean;
}

const FULL = {
  field: 'account',
  message: 'The plan of the receiving account allows no more domains.',
};

/** The claims to the name, under every lock that a transfer needs, in the order that all take them in. */
export async function lockForTransfer(
  manager: EntityManager,
  hostname: Hostname,
  receiver: AccountId,
  actor: Actor,
): Promise<DomainEntity[]> {
  await lockDomainsOf(manager, receiver);
  await lockAccount(manager, receiver, actor);
  return lockClaims(manager, hostname);
}

/**
 * Moves a claim to another account, with its records, its timeline and its certificate. Call it under lockForTransfer().
 * The receiver's own claim to the name, if any, is removed. Throws AppError `invalid_request` with reason `NOT_PROVEN`,
 * `MOVE_OPEN` or `DOMAIN_LIMIT`.
 */
export async function giveClaim(
  manager: EntityManager,
  claims: readonly DomainEntity[],
  own: DomainEntity,
  { receiver, actors, keepsChoices }: Giving,
): Promise<void> {
  const { accountId } = receiver;
  if (!isProven(own))
    throw new AppError('invalid_request', 'Only a proven domain can be transferred.', {
      reason: 'NOT_PROVEN',
    });
  await requireNoMove(manager, own);
  const other = claims.find((claim) => claim.accountId === accountId);
  if (other !== undefined) await removeClaim(manager, other, actors.receiver);
  await requireCapacity(manager, receiver, FULL);
  await manager.getRepository(DomainEntity).update(own.id, {
    accountId,
    mainId: null,
    // Of the former owner's visit to a DNS provider.
    setupOutcome: null,
    setupReturnedAt: null,
    ...(keepsChoices ? {} : choicesOf(other)),
    planLapsedAt: null,
    generation: own.generation + 1,
    updatedAt: () => 'now()',
  });
  if (!keepsChoices) await takeImages(manager, own, other);
  await partPair(manager, own, other);
  // Back at its first owner, a claim would open them again.
  await manager.query('delete from setup_links where domain_id = $1', [own.id]);
  await manager.query(
    `update domain_transfers set state = 'cancelled' where domain_id = $1 and state = 'offered'`,
    [own.id],
  );
  const transferred = { axis: 'ownership', type: 'transferred', detail: {} } as const;
  await writeEvents(manager, own, [transferred], actors.giver);
  const subject = { id: own.extid, domain: own.hostname };
  await appendEvent(manager, { accountId, type: 'domain.received', subject });
  await writeActivity(manager, accountId, actors.receiver, { action: 'domain.received', subject });
  await announceChange(manager, own.hostname);
}

/** A domain that moves to another region is given by nobody else meanwhile. */
export async function requireNoMove(manager: EntityManager, { id }: DomainEntity): Promise<void> {
  const open = await manager.query<unknown[]>(
    `select 1 from domain_moves where domain_id = $1 and state in ('asking', 'open')`,
    [id],
  );
  if (open.length === 0) return;
  throw new AppError(
    'invalid_request',
    'The domain is moving to another region: cancel that first.',
    {
      reason: 'MOVE_OPEN',
    },
  );
}

/**
 * The other name of the giver's pair stays where it is, and serves by itself. One of the receiver's that led to its own claim
 * leads to this one.
 */
async function partPair(
  manager: EntityManager,
  own: DomainEntity,
  replaced: DomainEntity | undefined,
): Promise<void> {
  const repository = manager.getRepository(DomainEntity);
  const seconds = await repository.findBy([
    { mainId: own.id, removedAt: IsNull() },
    ...(replaced === undefined ? [] : [{ mainId: replaced.id, removedAt: IsNull() }]),
  ]);
  await repository.update({ mainId: own.id }, { mainId: null });
  if (replaced !== undefined) await repository.update({ mainId: replaced.id }, { mainId: own.id });
  for (const { hostname } of seconds) await announceChange(manager, hostname);
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
