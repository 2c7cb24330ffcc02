import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { AppError } from '../../shared/app-error.js';
import { newChallenge, newClaimLabels, newDomainExtid } from './claim-labels.js';
import type { Domain } from '../domain.js';
import { parseDomainName, type DomainName } from '../domain-name.js';
import { draftClaim } from './draft-claim.js';
import { databaseNow } from './database-now.js';
import { holderAmong, isInQuarantine, lockClaims } from './competing-claims.js';
import { writeEvents } from './domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';
import { DomainSettings } from '../domain-settings.js';
import { CHALLENGE_DAYS, isProven, UNPROVEN, type OwnershipState } from '../ownership.js';

export interface NewClaim {
  readonly accountId: AccountId;
  readonly name: DomainName;
  /** How many domains the account may have. */
  readonly domainsMax: number;
}

/** What the database knows about a name before it is claimed. */
interface NameStanding {
  readonly isHeld: boolean;
  readonly needsCnameProof: boolean;
}

const FIRST_CHECK = "now() + interval '10 seconds'";

/** Making claims. A claim gives nothing yet: proof decides whose the name is. */
@Injectable()
export class DomainClaims {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DomainSettings,
  ) {}

  /** Throws AppError `invalid_request` with the reason (see NameRefusalCode) for what nobody can claim. */
  parse(text: string): DomainName {
    const parsed = parseDomainName(text, this.settings);
    if (parsed.ok) return parsed.name;
    const { code, message } = parsed.refusal;
    throw new AppError('invalid_request', message, { field: 'domain', reason: code });
  }

  /**
   * A new claim, or the account's unproven one with a fresh challenge: what an old one's records would prove is void.
   * Throws AppError `invalid_request`, reason `DOMAIN_EXISTS` for one that is proven, `DOMAIN_LIMIT` for one too many.
   */
  claim({ accountId, name, domainsMax }: NewClaim): Promise<Domain> {
    return this.dataSource.transaction(async (manager) => {
      // Two transactions would not count the claim of each other. A statement: it locks no table.
      await manager.query(
        "select pg_advisory_xact_lock(hashtextextended('domains of ' || $1, 0))",
        [accountId],
      );
      const claims = await lockClaims(manager, name.hostname);
      const standing = await standingOf(manager, name, accountId, claims);
      const own = claims.find((claim) => claim.accountId === accountId);
      if (own !== undefined) return renewClaim(manager, own, standing);
      await requireRoom(manager, accountId, domainsMax);
      return insertClaim(manager, { accountId, name }, standing);
    });
  }

  /** The claim that there would be; nothing is stored. */
  draft(accountId: AccountId, name: DomainName): Promise<Domain> {
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockClaims(manager, name.hostname);
      const { isHeld, needsCnameProof } = await standingOf(manager, name, accountId, claims);
      const now = await databaseNow(manager);
      const ownership: OwnershipState = isHeld ? 'conflict' : 'pending';
      return { ...draftClaim(accountId, name, now), ownership, needsCnameProof };
    });
  }
}

async function standingOf(
  manager: EntityManager,
  { hostname }: DomainName,
  accountId: AccountId,
  claims: readonly DomainEntity[],
): Promise<NameStanding> {
  return {
    isHeld: holderAmong(claims, accountId) !== null,
    needsCnameProof: await isInQuarantine(manager, hostname, accountId),
  };
}

async function requireRoom(
  manager: EntityManager,
  accountId: AccountId,
  domainsMax: number,
): Promise<void> {
  const count = await manager
    .getRepository(DomainEntity)
    .countBy({ accountId, removedAt: IsNull() });
  if (count < domainsMax) return;
  throw new AppError(
    'invalid_request',
    `The account has ${domainsMax} domains, which is all its plan allows. Remove one first.`,
    { field: 'domain', reason: 'DOMAIN_LIMIT' },
  );
}

async function insertClaim(
  manager: EntityManager,
  { accountId, name }: Pick<NewClaim, 'accountId' | 'name'>,
  { isHeld, needsCnameProof }: NameStanding,
): Promise<Domain> {
  const domains = manager.getRepository(DomainEntity);
  const extid = newDomainExtid();
  await domains.insert({
    extid,
    accountId,
    ...name,
    ...newClaimLabels(),
    challengeExpiresAt: () => CHALLENGE_EXPIRY,
    ownership: isHeld ? 'conflict' : 'pending',
    needsCnameProof,
    nextCheckAt: () => FIRST_CHECK,
  });
  const claim = await domains.findOneByOrFail({ extid });
  await writeEvents(manager, claim, [
    { axis: 'ownership', type: 'claimed', detail: {} },
    ...(isHeld ? [{ axis: 'ownership', type: 'conflict', detail: {} } as const] : []),
  ]);
  return claim;
}

const CHALLENGE_EXPIRY = `now() + interval '${CHALLENGE_DAYS} days'`;

async function renewClaim(
  manager: EntityManager,
  own: DomainEntity,
  { isHeld, needsCnameProof }: NameStanding,
): Promise<Domain> {
  if (isProven(own))
    throw new AppError('invalid_request', 'Domain already registered in your organization', {
      field: 'domain',
      reason: 'DOMAIN_EXISTS',
    });
  // A claim that ended is made anew altogether; one that is being set up keeps the target it may be using already.
  const labels = own.ownership === 'revoked' ? newClaimLabels() : newChallenge();
  const domains = manager.getRepository(DomainEntity);
  await domains.update(own.id, {
    ...labels,
    challengeExpiresAt: () => CHALLENGE_EXPIRY,
    ownership: isHeld ? 'conflict' : 'pending',
    ...UNPROVEN,
    needsCnameProof,
    facts: null,
    checkedAt: null,
    nextCheckAt: () => FIRST_CHECK,
    checkAttempts: 0,
    generation: () => 'generation + 1',
    // What a look at the old records finds out is dropped.
    fence: () => 'fence + 1',
    leasedUntil: null,
    updatedAt: () => 'now()',
  });
  const reclaimed = await domains.findOneByOrFail({ id: own.id });
  await writeEvents(manager, reclaimed, [
    { axis: 'ownership', type: 'challenge_rotated', detail: {} },
  ]);
  return reclaimed;
}
