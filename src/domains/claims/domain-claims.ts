import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { AppError } from '../../shared/app-error.js';
import { KeyedLine } from '../../shared/keyed-line.js';
import { lockDomainsOf, requireCapacity } from './account-capacity.js';
import { newChallenge, newClaimLabels, newDomainExtid } from './claim-labels.js';
import type { Domain } from '../domain.js';
import { parseDomainName, type DomainName } from '../domain-name.js';
import { draftClaim } from './draft-claim.js';
import { databaseNow } from './database-now.js';
import { holderAmong, isInQuarantine, lockClaims } from './competing-claims.js';
import { blockOf, type NameBlock } from './name-blocks.js';
import { writeEvents } from './domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';
import { DomainSettings } from '../domain-settings.js';
import { CHALLENGE_DAYS, isProven, UNPROVEN, type OwnershipState } from '../ownership.js';

export interface NewClaim {
  readonly accountId: AccountId;
  readonly name: DomainName;
  /** How many domains the account may have. */
  readonly domainsMax: number;
  readonly actor: Actor;
  /** What a new claim begins with, instead of nothing; not for one that is renewed. */
  readonly choices?: Pick<Domain, 'homepageEnabled' | 'apiEnabled' | 'policy' | 'look'> | undefined;
}

/** The state of a name before the claim. */
interface NameStanding {
  readonly isHeld: boolean;
  readonly needsCnameProof: boolean;
  readonly block: NameBlock | null;
}

// With the pause of the loop that takes it: no later than three seconds after the claim.
const FIRST_CHECK = "now() + interval '1 second'";

/** Creates and renews claims. A claim grants nothing until it is proven. */
@Injectable()
export class DomainClaims {
  // In front of the lock in the database: claims that wait for each other hold no connection of the pool.
  readonly #line = new KeyedLine();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DomainSettings,
  ) {}

  /** Throws AppError `invalid_request` with a NameRefusalCode as reason for a name that no account can claim. */
  parse(text: string): DomainName {
    const parsed = parseDomainName(text, this.settings);
    if (parsed.ok) return parsed.name;
    const { code, message } = parsed.refusal;
    throw new AppError('invalid_request', message, { field: 'domain', reason: code });
  }

  /**
   * Creates a claim, or gives the account's unproven claim a new challenge; the records of the old one prove nothing.
   * Throws AppError `invalid_request`, reason `DOMAIN_EXISTS` for a proven claim, `DOMAIN_LIMIT` above `domainsMax`.
   */
  claim(claim: NewClaim): Promise<Domain> {
    return this.#line.run(claim.accountId, () => this.#claim(claim));
  }

  #claim({ accountId, name, domainsMax, actor, choices }: NewClaim): Promise<Domain> {
    return this.dataSource.transaction(async (manager) => {
      await lockDomainsOf(manager, accountId);
      const claims = await lockClaims(manager, name.hostname);
      const standing = await standingOf(manager, name, accountId, claims);
      const own = claims.find((claim) => claim.accountId === accountId);
      if (own !== undefined) return renewClaim(manager, own, standing, actor);
      await requireCapacity(
        manager,
        { accountId, domainsMax },
        {
          field: 'domain',
          message: `The account has ${domainsMax} domains, which is all its plan allows. Remove one first.`,
        },
      );
      return insertClaim(manager, { accountId, name, actor, choices }, standing);
    });
  }

  /** The claim that claim() would create. Nothing is stored. */
  draft(accountId: AccountId, name: DomainName): Promise<Domain> {
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockClaims(manager, name.hostname);
      const standing = await standingOf(manager, name, accountId, claims);
      const { isHeld, needsCnameProof, block } = standing;
      const now = await databaseNow(manager);
      const ownership: OwnershipState = isHeld ? 'conflict' : 'pending';
      return { ...draftClaim(accountId, name, now), ownership, needsCnameProof, ...block };
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
    block: await blockOf(manager, hostname),
  };
}

async function insertClaim(
  manager: EntityManager,
  { accountId, name, actor, choices }: Omit<NewClaim, 'domainsMax'>,
  { isHeld, needsCnameProof, block }: NameStanding,
): Promise<Domain> {
  const domains = manager.getRepository(DomainEntity);
  const extid = newDomainExtid();
  await domains.insert({
    extid,
    accountId,
    ...name,
    ...newClaimLabels(),
    ...choices,
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

const CHALLENGE_EXPIRY = `now() + interval '${CHALLENGE_DAYS} days'`;

async function renewClaim(
  manager: EntityManager,
  own: DomainEntity,
  { isHeld, needsCnameProof }: NameStanding,
  actor: Actor,
): Promise<Domain> {
  if (isProven(own))
    throw new AppError('invalid_request', 'Domain already registered in your organization', {
      field: 'domain',
      reason: 'DOMAIN_EXISTS',
      hint: `The domain is ${own.extid}: GET /api/domains/${own.extid} shows it.`,
      id: own.extid,
    });
  // A claim that has ended gets all labels anew. An unproven one keeps its CNAME target, which may be published already.
  const labels = own.ownership === 'revoked' ? newClaimLabels() : newChallenge();
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
