import type { EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { writeActivity } from '../../accounts/activity/write-activity.js';
import { lockAccount } from '../../accounts/lock-account.js';
import { appendEvent } from '../../outbox/append-event.js';
import { AppError } from '../../shared/app-error.js';
import { DomainEntity } from '../domain.entity.js';
import { NO_LOOK } from '../domain-look.js';
import type { PairMember } from '../domain-name.js';
import { NO_POLICY } from '../domain-policy.js';
import { isProven } from '../ownership.js';
import { lockDomainsOf, requireCapacity } from './account-capacity.js';
import { lockPair, secondAmong } from './competing-claims.js';
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

/** A claim that is given, and the receiver's own one to the same name, which it replaces. */
interface Given {
  readonly own: DomainEntity;
  readonly replaced: DomainEntity | undefined;
}

/** The claims to both names of the pair, under every lock that a transfer needs, in the order that all take them in. */
export async function lockForTransfer(
  manager: EntityManager,
  name: PairMember,
  receiver: AccountId,
  actor: Actor,
): Promise<DomainEntity[]> {
  await lockDomainsOf(manager, receiver);
  await lockAccount(manager, receiver, actor);
  return lockPair(manager, name);
}

/**
 * Moves a claim to another account, with its records, its timeline and its certificate, and with it the second name of its
 * pair: not one that the receiver has proven itself. A second name that is given alone redirects no more. Call it under
 * lockForTransfer(). The receiver's own claims to the names are removed. Returns the second claim that went too. Throws
 * AppError `invalid_request` with reason `NOT_PROVEN`, `MOVE_OPEN` or `DOMAIN_LIMIT`.
 */
export async function giveClaim(
  manager: EntityManager,
  claims: readonly DomainEntity[],
  own: DomainEntity,
  giving: Giving,
): Promise<DomainEntity | null> {
  const { receiver, actors } = giving;
  if (!isProven(own))
    throw new AppError('invalid_request', 'Only a proven domain can be transferred.', {
      reason: 'NOT_PROVEN',
    });
  const replacedBy = ({ hostname }: DomainEntity) =>
    claims.find((claim) => claim.accountId === receiver.accountId && claim.hostname === hostname);
  const first = { own, replaced: replacedBy(own) };
  const second = secondAmong(claims, own);
  const other = second && { own: second, replaced: replacedBy(second) };
  const stays = other?.replaced !== undefined && isProven(other.replaced);
  const given: readonly Given[] = other === undefined || stays ? [first] : [first, other];

  for (const each of given) await requireNoMove(manager, each.own);
  for (const { replaced } of given)
    if (replaced !== undefined) await removeClaim(manager, replaced, actors.receiver);
  await requireCapacity(manager, receiver, fullFor(given), given.length);
  // A pair keeps its main name. A name that comes alone takes the place of the claim that it replaces.
  const mainId = given.length > 1 ? null : (first.replaced?.mainId ?? null);
  for (const each of given)
    await giveOne(manager, each, { ...giving, mainId: each === first ? mainId : own.id });
  if (second !== undefined && stays) await redirect(manager, second, null);
  const follower = first.replaced && secondAmong(claims, first.replaced);
  // One whose claim was replaced came with the pair.
  if (follower !== undefined && given.every(({ replaced }) => replaced !== follower))
    await redirect(manager, follower, own);
  return stays ? null : (second ?? null);
}

function fullFor(given: readonly Given[]) {
  const names = given.map(({ own }) => own.hostname).join(' and ');
  const message =
    given.length > 1
      ? `The plan of the receiving account has no room for ${names}, which go together.`
      : 'The plan of the receiving account allows no more domains.';
  return { field: 'account', message };
}

async function giveOne(
  manager: EntityManager,
  { own, replaced }: Given,
  { receiver: { accountId }, actors, keepsChoices, mainId }: Giving & Pick<DomainEntity, 'mainId'>,
): Promise<void> {
  await manager.getRepository(DomainEntity).update(own.id, {
    accountId,
    mainId,
    // Of the former owner's visit to a DNS provider.
    setupOutcome: null,
    setupReturnedAt: null,
    ...(keepsChoices ? {} : choicesOf(replaced)),
    planLapsedAt: null,
    generation: own.generation + 1,
    updatedAt: () => 'now()',
  });
  if (!keepsChoices) await takeImages(manager, own, replaced);
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
export async function requireNoMove(
  manager: EntityManager,
  { id, hostname }: DomainEntity,
): Promise<void> {
  const open = await manager.query<unknown[]>(
    `select 1 from domain_moves where domain_id = $1 and state in ('asking', 'open')`,
    [id],
  );
  if (open.length === 0) return;
  throw new AppError(
    'invalid_request',
    `${hostname} is moving to another region: cancel that first.`,
    { reason: 'MOVE_OPEN' },
  );
}

/** @param main null: the claim serves by itself */
async function redirect(
  manager: EntityManager,
  { id, hostname, generation }: DomainEntity,
  main: DomainEntity | null,
): Promise<void> {
  await manager.getRepository(DomainEntity).update(id, {
    mainId: main?.id ?? null,
    generation: generation + 1,
    updatedAt: () => 'now()',
  });
  await announceChange(manager, hostname);
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
