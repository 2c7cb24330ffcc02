import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Account, AccountId } from '../../accounts/account.js';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import { lockAccount } from '../../accounts/lock-account.js';
import { AppError } from '../../shared/app-error.js';
import type { Region } from '../../config/region.js';
import type { DomainId } from '../domain.js';
import { DomainEntity } from '../domain.entity.js';
import type { PairMember } from '../domain-name.js';
import { DomainSettings } from '../domain-settings.js';
import { isProven } from '../ownership.js';
import {
  newTransferCode,
  readTransferCode,
  TRANSFER_DAYS,
  type TransferId,
  type TransferOffer,
} from '../transfer-offer.js';
import { lockPair, secondAmong } from './competing-claims.js';
import { domainsMaxOf } from './account-capacity.js';
import { writeEvents } from './domain-timeline.js';
import { giveClaim, lockForTransfer, requireNoMove } from './give-claim.js';

/** Whoever has the code: the giver's activity does not say from where. */
const CODE: Actor = { ...GATEWAY, name: 'transfer code' };

const COLUMNS = `id, region, created_at as "createdAt", expires_at as "expiresAt",
  case when expires_at > now() then 'offered' else 'expired' end as state`;

// The row of an offer is written under the locks of the claims to its name.
const END = `update domain_transfers set state = 'cancelled' where domain_id = $1 and state = 'offered'
  returning id`;

const INSERT = `
  insert into domain_transfers (domain_id, account_id, code_hash, region, expires_at)
  values ($1, $2, $3, $4, now() + make_interval(days => ${TRANSFER_DAYS})) returning ${COLUMNS}`;

const OPEN = `
  select offer.domain_id as "domainId", offer.id, offer.region, offer.created_at as "createdAt", offer.expires_at as "expiresAt",
    case when offer.expires_at > now() then 'offered' else 'expired' end as state
  from domain_transfers offer join domains domain on domain.id = offer.domain_id
  where offer.domain_id = any($1::uuid[]) and offer.state = 'offered' and offer.account_id = domain.account_id`;

const FIND = `
  select offer.id, offer.domain_id as "domainId", domain.extid,
    domain.hostname, domain.registrable_domain as "registrableDomain", domain.is_apex as "isApex"
  from domain_transfers offer join domains domain on domain.id = offer.domain_id
  where offer.code_hash = $1 and offer.region is null`;

// One statement decides who uses the code. A suspended account gives nothing away, nor does one that is being removed.
const USE = `
  update domain_transfers offer set state = 'completed', receiver_id = $2
  where offer.id = $1 and offer.state = 'offered' and offer.expires_at > now()
    and exists (select from accounts giver where giver.id = offer.account_id and giver.state = 'active')
  returning offer.account_id as "accountId"`;

const RECEIVED = `
  select 1 from domain_transfers where id = $1 and state = 'completed' and receiver_id = $2`;

interface Found extends PairMember {
  readonly id: TransferId;
  readonly domainId: DomainId;
  readonly extid: string;
}

/**
 * Moves domains between two accounts of the region with the consent of both: the owner gets a code, and whoever enters it
 * in another account gets the domain, its certificate and its look. Only a hash of the code is stored.
 */
@Injectable()
export class TransferOffers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DomainSettings,
  ) {}

  /**
   * @param region where the other account is; null: in this one
   * The code is not shown again; that of an earlier offer ends. Throws AppError `not_found` for an unknown domain, and
   * `invalid_request` with reason `NOT_PROVEN`, `REGION_UNKNOWN`, or `MOVE_OPEN` for a name that moves to another region.
   */
  offer(
    accountId: AccountId,
    extid: string,
    actor: Actor,
    region: Region | null = null,
  ): Promise<{ readonly offer: TransferOffer; readonly code: string }> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      const { own, second } = await lockOwn(manager, accountId, extid);
      if (!isProven(own)) throw notProven();
      const other = this.#otherThanOwn(region);
      await requireNoMove(manager, own);
      if (other === null && second !== undefined) await requireNoMove(manager, second);
      await manager.query(END, [own.id]);
      const code = newTransferCode(this.settings.region);
      const { hash } = readTransferCode(code);
      const [offer] = await manager.query<[TransferOffer]>(INSERT, [
        own.id,
        accountId,
        hash,
        other,
      ]);
      await note(manager, own, 'transfer_offered', actor);
      return { offer, code };
    });
  }

  #otherThanOwn(region: Region | null): Region | null {
    const { region: own, fleet } = this.settings;
    if (region === null || region === own) return null;
    if (fleet.includes(region)) return region;
    throw new AppError('invalid_request', `There is no such region: ${fleet.join(', ')}`, {
      field: 'region',
      reason: 'REGION_UNKNOWN',
    });
  }

  /** From now on the code gives nothing. Throws AppError `not_found` for an unknown domain, and for one without an offer. */
  cancel(accountId: AccountId, extid: string, actor: Actor): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const { own } = await lockOwn(manager, accountId, extid);
      const [ended] = await manager.query<[unknown[], number]>(END, [own.id]);
      if (ended.length === 0) throw new AppError('not_found', 'The domain is not on offer.');
      await note(manager, own, 'transfer_cancelled', actor);
    });
  }

  /** The offers of these claims that were neither used nor cancelled. */
  async openOf(ids: readonly DomainId[]): Promise<ReadonlyMap<DomainId, TransferOffer>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<(TransferOffer & { readonly domainId: DomainId })[]>(
      OPEN,
      [[...ids]],
    );
    return new Map(rows.map(({ domainId, ...offer }) => [domainId, offer]));
  }

  /**
   * Gives the domain to the account that enters its code; again, if its first answer was lost. Returns the domain's id.
   * Throws AppError `plan_required`, `invalid_request` with reason `TRANSFER_CODE` for a code that gives nothing, whatever
   * the reason, `TRANSFER_OWN` for its owner's, `DOMAIN_LIMIT`, `MOVE_OPEN` for a name that moves to another region.
   */
  async accept(account: Account, text: string, actor: Actor): Promise<string> {
    const domainsMax = domainsMaxOf(account);
    const { hash } = readTransferCode(text);
    const [found] = await this.dataSource.query<Found[]>(FIND, [hash]);
    if (found === undefined) throw codeRefused();
    await this.#give(found, { accountId: account.id, domainsMax }, actor);
    return found.extid;
  }

  #give(
    { id, domainId, ...name }: Found,
    receiver: { readonly accountId: AccountId; readonly domainsMax: number },
    actor: Actor,
  ): Promise<void> {
    const { accountId } = receiver;
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockForTransfer(manager, name, accountId, actor);
      const own = claims.find((claim) => claim.id === domainId);
      if (own === undefined) throw codeRefused();
      if (own.accountId === accountId) {
        const received = await manager.query<unknown[]>(RECEIVED, [id, accountId]);
        if (received.length > 0) return;
        throw ownCode();
      }
      const [[used]] = await manager.query<[{ accountId: AccountId }[], number]>(USE, [
        id,
        accountId,
      ]);
      // A claim that has another owner since was not theirs to give.
      if (used?.accountId !== own.accountId || !isProven(own)) throw codeRefused();
      const actors = { giver: CODE, receiver: actor };
      await giveClaim(manager, claims, own, { receiver, actors, keepsChoices: true });
    });
  }
}

interface OwnClaim {
  readonly own: DomainEntity;
  /** What goes with it to an account of the region. */
  readonly second: DomainEntity | undefined;
}

/** The claim, with every claim to its name and to the other one of its pair locked until the transaction ends. */
async function lockOwn(
  manager: EntityManager,
  accountId: AccountId,
  extid: string,
): Promise<OwnClaim> {
  const named = await manager.getRepository(DomainEntity).findOneBy({ accountId, extid });
  const claims = named === null ? [] : await lockPair(manager, named);
  const own = claims.find((claim) => claim.extid === extid && claim.accountId === accountId);
  if (own === undefined) throw new AppError('not_found', 'Domain not found');
  return { own, second: secondAmong(claims, own) };
}

async function note(
  manager: EntityManager,
  own: DomainEntity,
  type: 'transfer_offered' | 'transfer_cancelled',
  actor: Actor,
): Promise<void> {
  await writeEvents(manager, own, [{ axis: 'ownership', type, detail: {} }], actor);
}

function notProven(): AppError {
  return new AppError('invalid_request', 'Only a proven domain can be given away.', {
    reason: 'NOT_PROVEN',
  });
}

/** One answer for every code that gives nothing: unknown, used, cancelled, expired. */
export function codeRefused(): AppError {
  return new AppError(
    'invalid_request',
    'This code gives no domain: it is wrong, was used or cancelled, or its time is over.',
    { field: 'code', reason: 'TRANSFER_CODE' },
  );
}

function ownCode(): AppError {
  return new AppError('invalid_request', 'The domain of this code is in your account already.', {
    field: 'code',
    reason: 'TRANSFER_OWN',
  });
}
