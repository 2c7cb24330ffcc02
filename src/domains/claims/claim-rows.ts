import { type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { AppError } from '../../shared/app-error.js';
import type { Domain, DomainId } from '../domain.js';
import type { DomainName } from '../domain-name.js';
import { DomainEntity } from '../domain.entity.js';
import { CHALLENGE_DAYS, isProven, UNPROVEN } from '../ownership.js';
import { newChallenge, newClaimLabels, newDomainExtid } from './claim-labels.js';
import { holderAmong, isInQuarantine, lockClaims } from './competing-claims.js';
import { writeEvents } from './domain-timeline.js';
import { blockOf, type NameBlock } from './name-blocks.js';

/** The state of a name before the claim. */
export interface NameStanding {
  /** The account's own claim. */
  readonly own: DomainEntity | undefined;
  readonly isHeld: boolean;
  readonly needsCnameProof: boolean;
  readonly block: NameBlock | null;
}

export interface ClaimOfName {
  readonly accountId: AccountId;
  readonly name: DomainName;
  readonly actor: Actor;
  /** What a new claim begins with, instead of nothing; not for one that is renewed. */
  readonly choices?: Pick<Domain, 'homepageEnabled' | 'apiEnabled' | 'policy' | 'look'> | undefined;
  /** See Domain. */
  readonly mainId?: DomainId | undefined;
  /** Of a claim that is made again; if another claim has it, the new one gets its own. */
  readonly targetLabel?: string | undefined;
}

// With the pause of the loop that takes it: no later than three seconds after the claim.
const FIRST_CHECK = "now() + interval '1 second'";
/** With a new label no record leads here any more. */
const UNDELEGATED = { delegation: 'unknown', delegatedAt: null } as const;
const CHALLENGE_EXPIRY = `now() + interval '${CHALLENGE_DAYS} days'`;

/** Locks the claims to the name until the transaction ends. */
export async function standingOf(
  manager: EntityManager,
  { hostname }: DomainName,
  accountId: AccountId,
): Promise<NameStanding> {
  const claims = await lockClaims(manager, hostname);
  return {
    own: claims.find((claim) => claim.accountId === accountId),
    isHeld: holderAmong(claims, accountId) !== null,
    needsCnameProof: await isInQuarantine(manager, hostname, accountId),
    block: await blockOf(manager, hostname),
  };
}

export async function insertClaim(
  manager: EntityManager,
  { accountId, name, actor, choices, mainId, targetLabel }: ClaimOfName,
  { isHeld, needsCnameProof, block }: NameStanding,
): Promise<DomainEntity> {
  const domains = manager.getRepository(DomainEntity);
  const extid = newDomainExtid();
  await domains.insert({
    extid,
    accountId,
    ...name,
    ...newClaimLabels(),
    ...(await freeLabel(manager, targetLabel)),
    ...choices,
    mainId: mainId ?? null,
    challengeExpiresAt: () => CHALLENGE_EXPIRY,
    ownership: isHeld ? 'conflict' : 'pending',
    needsCnameProof,
    ...block,
    nextCheckAt: () => FIRST_CHECK,
  });
  const claim = await domains.findOneByOrFail({ extid });
  const events = [
    { axis: 'ownership', type: 'claimed', detail: {} },
    ...(isHeld ? [{ axis: 'ownership', type: 'conflict', detail: {} } as const] : []),
  ] as const;
  await writeEvents(manager, claim, events, actor);
  return claim;
}

/** Removed claims have theirs too. */
async function freeLabel(
  manager: EntityManager,
  targetLabel: string | undefined,
): Promise<Partial<Pick<Domain, 'targetLabel'>>> {
  if (targetLabel === undefined) return {};
  const isTaken = await manager.getRepository(DomainEntity).existsBy({ targetLabel });
  return isTaken ? {} : { targetLabel };
}

/** Gives the account's unproven claim a new challenge. @throws AppError `invalid_request` with reason `DOMAIN_EXISTS` for a proven one */
export async function renewClaim(
  manager: EntityManager,
  own: DomainEntity,
  { isHeld, needsCnameProof }: NameStanding,
  actor: Actor,
): Promise<DomainEntity> {
  if (isProven(own))
    throw new AppError('invalid_request', 'Domain already registered in your organization', {
      field: 'domain',
      reason: 'DOMAIN_EXISTS',
      hint: `The domain is ${own.extid}: GET /api/domains/${own.extid} shows it.`,
      id: own.extid,
    });
  // A claim that has ended gets all labels anew. An unproven one keeps its CNAME target, which may be published already.
  const labels =
    own.ownership === 'revoked' ? { ...newClaimLabels(), ...UNDELEGATED } : newChallenge();
  const domains = manager.getRepository(DomainEntity);
  await domains.update(own.id, {
    ...labels,
    challengeExpiresAt: () => CHALLENGE_EXPIRY,
    ownership: isHeld ? 'conflict' : 'pending',
    ...UNPROVEN,
    needsCnameProof,
    facts: null,
    setupOutcome: null,
    setupReturnedAt: null,
    checkedAt: null,
    nextCheckAt: () => FIRST_CHECK,
    checkAttempts: 0,
    generation: () => 'generation + 1',
    // Discards the result of a check of the old records that is in progress.
    fence: () => 'fence + 1',
    leasedUntil: null,
    updatedAt: () => 'now()',
  });
  const reclaimed = await domains.findOneByOrFail({ id: own.id });
  const rotated = { axis: 'ownership', type: 'challenge_rotated', detail: {} } as const;
  await writeEvents(manager, reclaimed, [rotated], actor);
  return reclaimed;
}
