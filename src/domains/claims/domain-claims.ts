import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { AppError } from '../../shared/app-error.js';
import { KeyedLine } from '../../shared/keyed-line.js';
import { lockDomainsOf, requireCapacity } from './account-capacity.js';
import {
  insertClaim,
  renewClaim,
  standingOf,
  type ClaimOfName,
  type NameStanding,
} from './claim-rows.js';
import type { Domain } from '../domain.js';
import { otherOfPair, parseDomainName, type DomainName } from '../domain-name.js';
import { lockPairing } from './competing-claims.js';
import { draftClaim } from './draft-claim.js';
import { databaseNow } from './database-now.js';
import { announceChange } from './domain-changes.js';
import { writeEvents } from './domain-timeline.js';
import { DomainEntity } from '../domain.entity.js';
import { DomainSettings } from '../domain-settings.js';
import { isProven, type OwnershipState } from '../ownership.js';

export interface NewClaim extends ClaimOfName {
  /** How many domains the account may have. */
  readonly domainsMax: number;
}

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

  #claim(claim: NewClaim): Promise<Domain> {
    const { accountId, name } = claim;
    return this.dataSource.transaction(async (manager) => {
      await lockDomainsOf(manager, accountId);
      if (claim.mainId !== undefined) await lockPairing(manager, name);
      return claimOne(manager, claim, await standingOf(manager, name, accountId));
    });
  }

  /**
   * As claim(), and claims the other name of the pair too, which is to redirect to this one: both or none. A proven claim
   * to either stays, and one to the other name redirects from now on. Throws also reason `PAIR_IMPOSSIBLE` for a name
   * that is neither an apex nor its `www`, and for one that redirects itself; `DOMAIN_EXISTS` if nothing is to be done.
   */
  claimPair(claim: NewClaim): Promise<Domain> {
    const { accountId, name } = claim;
    const other = otherOfPair(name);
    if (other === null)
      throw impossible(`${name.hostname} is neither the top of a domain nor its www name.`);
    const second = this.parse(other);
    return this.#line.run(accountId, () =>
      this.dataSource.transaction((manager) => pair(manager, claim, second)),
    );
  }

  /** The claim that claim() would create. Nothing is stored. */
  draft(accountId: AccountId, name: DomainName): Promise<Domain> {
    return this.dataSource.transaction(async (manager) => {
      const { isHeld, needsCnameProof, block } = await standingOf(manager, name, accountId);
      const now = await databaseNow(manager);
      const ownership: OwnershipState = isHeld ? 'conflict' : 'pending';
      return { ...draftClaim(accountId, name, now), ownership, needsCnameProof, ...block };
    });
  }
}

function requireRoom(manager: EntityManager, { accountId, domainsMax }: NewClaim): Promise<void> {
  return requireCapacity(
    manager,
    { accountId, domainsMax },
    {
      field: 'domain',
      message: `The account has ${domainsMax} domains, which is all its plan allows. Remove one first.`,
    },
  );
}

async function pair(manager: EntityManager, claim: NewClaim, second: DomainName): Promise<Domain> {
  const { accountId, name, actor } = claim;
  await lockDomainsOf(manager, accountId);
  await lockPairing(manager, name);
  const [first, other] = await standingsOf(manager, accountId, [name, second]);
  if (first.own !== undefined && first.own.mainId !== null)
    throw impossible(`${name.hostname} leads to ${second.hostname}. Remove it first.`);
  const isPaired = first.own !== undefined && other.own?.mainId === first.own.id;
  const hasEnded = other.own?.ownership === 'revoked';
  const stays = first.own !== undefined && isProven(first.own) && (!isPaired || hasEnded);
  const main = stays ? first.own : await claimOne(manager, claim, first);
  if (other.own === undefined) {
    await requireRoom(manager, claim);
    await insertClaim(manager, { accountId, name: second, actor, mainId: main.id }, other);
    return main;
  }
  if (hasEnded) await renewClaim(manager, other.own, other, actor);
  if (!isPaired) await redirectTo(manager, other.own, main, actor);
  return main;
}

/** In the order of the names: of two transactions about one pair, none waits for what the other has locked second. */
async function standingsOf(
  manager: EntityManager,
  accountId: AccountId,
  [name, second]: readonly [DomainName, DomainName],
): Promise<readonly [NameStanding, NameStanding]> {
  if (name.hostname < second.hostname) {
    const first = await standingOf(manager, name, accountId);
    return [first, await standingOf(manager, second, accountId)];
  }
  const other = await standingOf(manager, second, accountId);
  return [await standingOf(manager, name, accountId), other];
}

async function claimOne(
  manager: EntityManager,
  claim: NewClaim,
  standing: NameStanding,
): Promise<DomainEntity> {
  if (standing.own !== undefined) return renewClaim(manager, standing.own, standing, claim.actor);
  await requireRoom(manager, claim);
  return insertClaim(manager, claim, standing);
}

/** The account has both names already. */
async function redirectTo(
  manager: EntityManager,
  second: DomainEntity,
  main: DomainEntity,
  actor: Actor,
): Promise<void> {
  await manager.getRepository(DomainEntity).update(second.id, {
    mainId: main.id,
    generation: () => 'generation + 1',
    updatedAt: () => 'now()',
  });
  const detail = { main: main.hostname };
  await writeEvents(manager, second, [{ axis: 'serving', type: 'paired', detail }], actor);
  await announceChange(manager, second.hostname);
}

function impossible(message: string): AppError {
  return new AppError('invalid_request', message, { field: 'pair', reason: 'PAIR_IMPOSSIBLE' });
}
