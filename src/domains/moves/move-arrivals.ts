import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Account, AccountId } from '../../accounts/account.js';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import type { Region } from '../../config/region.js';
import { AppError } from '../../shared/app-error.js';
import type { Hostname } from '../../shared/hostname.js';
import { domainsMaxOf } from '../claims/account-capacity.js';
import { holderAmong, lockClaims } from '../claims/competing-claims.js';
import { databaseNow } from '../claims/database-now.js';
import { announceChange } from '../claims/domain-changes.js';
import { DomainClaims } from '../claims/domain-claims.js';
import { writeEvents } from '../claims/domain-timeline.js';
import { codeRefused } from '../claims/transfer-offers.js';
import type { DomainId } from '../domain.js';
import { DomainEntity } from '../domain.entity.js';
import { isEnded, MOVE_DAYS, type MoveId, type MoveState } from '../domain-move.js';
import { UNPROVEN } from '../ownership.js';
import { readTransferCode } from '../transfer-offer.js';
import { DomainMoves } from './domain-moves.js';
import { MovePeers } from './move-peers.js';

/** In which whoever has entered the code is answered. */
const ASKING_SECONDS = 15;
/** A code that was entered, and of which the other region knows nothing: nobody is asking any more. */
const ABANDONED_AFTER_MINUTES = 15;

const PERIOD = `now() + make_interval(days => ${MOVE_DAYS})`;

// One row for a code and a claim, however often the code is entered: the other region knows the move by its id. Entered
// again, it is not abandoned while the other region is asked. A claim that was given away meanwhile is asked for by nobody;
// one with a row is not given away.
const ASK = `
  insert into domain_moves (id, direction, domain_id, region, state, code_hash, expires_at, next_look_at)
  select $1, 'in', d.id, $3, 'asking', $4, ${PERIOD}, now() + interval '${ASKING_SECONDS} seconds'
  from domains d where d.id = $2 and d.account_id = $5 and d.removed_at is null for share
  on conflict (domain_id) where state in ('asking', 'open') do update
    set created_at = now(), next_look_at = excluded.next_look_at
    where domain_moves.state = 'asking' and domain_moves.code_hash = excluded.code_hash`;

const ASKED = `
  select id, region, state, code_hash = $2 as "isSame" from domain_moves
  where domain_id = $1 and state in ('asking', 'open')`;

// The other region has no such move: it was never asked, or said no. Whoever enters the code now begins anew.
const ABANDON = `
  update domain_moves set state = 'cancelled'
  where id = $1 and state = 'asking' and created_at <= now() - make_interval(mins => $2)`;

const OPEN = `update domain_moves set state = 'open' where id = $1 and state = 'asking' returning id`;

const FORGET = `delete from domain_moves where id = $1 and state = 'asking'`;

/** Of a code that was entered before, and whose name has arrived. */
const ARRIVED = `
  select d.extid from domain_moves m join domains d on d.id = m.domain_id and d.removed_at is null
  where m.code_hash = $1 and m.direction = 'in' and m.state in ('open', 'done') and d.account_id = $2`;

const ENTERED = `
  select 1 from domain_moves m join domains d on d.id = m.domain_id and d.removed_at is null
  where m.code_hash = $1 and m.direction = 'in' and m.state in ('asking', 'open', 'done') and d.account_id = $2`;

// The other region has ended it, and it waits only for where the name leads: a new code takes its place.
const LEFT = `
  select m.id, m.domain_id as "domainId" from domain_moves m join domains d on d.id = m.domain_id and d.removed_at is null
  where d.hostname = $1 and d.account_id = $2 and m.direction = 'in' and m.state = 'open'
    and m.peer_state in ('cancelled', 'expired')`;

const CONFLICT = 'CONFLICT_OTHER_CLAIM';
const BY_WORD = { ...UNPROVEN, ownership: 'verified', proofMethod: 'transfer' } as const;
const VERIFIED = { axis: 'ownership', type: 'verified', detail: { method: 'transfer' } } as const;

interface Asked extends Pick<AskingMove, 'id' | 'region'> {
  readonly state: 'asking' | 'open';
  readonly isSame: boolean;
}

/** A code was entered, and it is not known here whether the other region has agreed. */
export interface AskingMove {
  readonly id: MoveId;
  readonly region: Region;
  readonly domainId: DomainId;
  readonly hostname: Hostname;
  readonly accountId: AccountId;
}

type Own = Pick<DomainEntity, 'id' | 'hostname' | 'accountId'>;

/**
 * Takes a name that another region gives, by its code. Each step can be repeated: whoever gets no answer enters the code
 * again, or waits for MoveJob if the other region has agreed. Until the other region has agreed, the claim is one that proves nothing.
 */
@Injectable()
export class MoveArrivals {
  constructor(
    private readonly dataSource: DataSource,
    private readonly claims: DomainClaims,
    private readonly moves: DomainMoves,
    private readonly peers: MovePeers,
  ) {}

  /**
   * Returns the domain's id. Throws as TransferOffers.accept(), `invalid_request` with reason `CONFLICT_OTHER_CLAIM` when
   * another account of this region has proven the name, and `unavailable` when the other region does not answer.
   */
  async accept(account: Account, region: Region, code: string, actor: Actor): Promise<string> {
    try {
      return await this.#accept(account, region, code, actor);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid_request') throw error;
      // Entered twice at once: what the other call has used up or claimed was not there for this one.
      const { hash } = readTransferCode(code);
      const entered = await this.dataSource.query<unknown[]>(ENTERED, [hash, account.id]);
      if (entered.length === 0) throw error;
      return this.#accept(account, region, code, actor);
    }
  }

  async #accept(account: Account, region: Region, code: string, actor: Actor): Promise<string> {
    const domainsMax = domainsMaxOf(account);
    const { hash } = readTransferCode(code);
    const [known] = await this.dataSource.query<{ extid: string }[]>(ARRIVED, [hash, account.id]);
    if (known !== undefined) return known.extid;

    const own = await this.#claimFor(account, domainsMax, { region, code, actor });
    const id = await this.#ask(own, region, hash);
    const given = await this.peers.accept(region, code, id);
    if (given !== own.hostname) {
      await this.dataSource.query(FORGET, [id]);
      throw codeRefused();
    }
    await this.#arriveOrCancel({ id, region }, own, actor);
    return own.extid;
  }

  /**
   * Continues where a process was cut between asking and the answer: the other region knows whether it has agreed.
   * @param peer what it says of the move; null: it has no such move
   */
  async resume(move: AskingMove, peer: MoveState | null): Promise<void> {
    const own = { id: move.domainId, hostname: move.hostname, accountId: move.accountId };
    if (peer === null) {
      await this.dataSource.query(ABANDON, [move.id, ABANDONED_AFTER_MINUTES]);
    } else if (isEnded(peer)) {
      await this.moves.end(move.id, own, 'cancelled');
    } else {
      await this.#arriveOrCancel(move, own, GATEWAY).catch(ignoreConflict);
    }
  }

  async #arriveOrCancel(
    { id, region }: Pick<AskingMove, 'id' | 'region'>,
    own: Own,
    actor: Actor,
  ): Promise<void> {
    try {
      await this.#arrive(id, own, region, actor);
    } catch (error) {
      // The other region learns that nothing comes of it.
      if (isConflict(error)) await this.moves.end(id, own, 'cancelled', actor);
      throw error;
    }
  }

  /** The account's claim to the name, made if need be. */
  async #claimFor(
    { id: accountId }: Account,
    domainsMax: number,
    {
      region,
      code,
      actor,
    }: { readonly region: Region; readonly code: string; readonly actor: Actor },
  ): Promise<DomainEntity> {
    const repository = this.dataSource.getRepository(DomainEntity);
    const [asking] = await repository.query<{ domain_id: string }[]>(
      `select m.domain_id from domain_moves m join domains d on d.id = m.domain_id and d.removed_at is null
       where m.code_hash = $1 and m.state = 'asking' and d.account_id = $2`,
      [readTransferCode(code).hash, accountId],
    );
    const started = asking && (await repository.findOneBy({ id: asking.domain_id as never }));
    // The other region may have agreed already: then it has nothing to look at any more.
    if (started) return started;
    const text = await this.peers.look(region, code);
    if (text === null) throw codeRefused();
    const name = this.claims.parse(text);
    const { hostname } = name;
    const [left] = await repository.query<{ id: MoveId; domainId: DomainId }[]>(LEFT, [
      hostname,
      accountId,
    ]);
    if (left !== undefined)
      await this.moves.end(left.id, { id: left.domainId, hostname }, 'cancelled');
    const existing = await this.dataSource.transaction(async (manager) => {
      const all = await lockClaims(manager, hostname);
      if (holderAmong(all, accountId) !== null) throw heldByAnother();
      return all.find((claim) => claim.accountId === accountId) ?? null;
    });
    if (existing !== null && existing.ownership !== 'revoked') return existing;
    const made = await this.claims.claim({ accountId, name, domainsMax, actor });
    return repository.findOneByOrFail({ id: made.id });
  }

  async #ask(own: Own, region: Region, hash: Buffer): Promise<MoveId> {
    const asked = await this.#askedOf(own, region, hash);
    if (asked?.isSame) return asked.id;
    // Another code was entered before. If the other region knows nothing of that, this one takes its place.
    const isFree =
      asked?.state === 'asking' && (await this.peers.stateOf(asked.region, asked.id)) === null;
    if (isFree) {
      await this.dataSource.query(ABANDON, [asked.id, 0]);
      const again = await this.#askedOf(own, region, hash);
      if (again?.isSame) return again.id;
    }
    if (asked === undefined) throw codeRefused();
    throw new AppError('invalid_request', 'Another move of this domain is under way.', {
      field: 'code',
      reason: 'MOVE_OPEN',
    });
  }

  async #askedOf({ id, accountId }: Own, region: Region, hash: Buffer): Promise<Asked | undefined> {
    await this.dataSource.query(ASK, [randomUUID(), id, region, hash, accountId]);
    const [asked] = await this.dataSource.query<Asked[]>(ASKED, [id, hash]);
    return asked;
  }

  #arrive(
    id: MoveId,
    { id: domainId, hostname, accountId }: Own,
    region: Region,
    actor: Actor,
  ): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const all = await lockClaims(manager, hostname);
      const own = all.find((claim) => claim.id === domainId);
      if (own === undefined) throw codeRefused();
      // Given away meanwhile, or proven by DNS.
      if (own.accountId !== accountId) throw heldByAnother();
      if (holderAmong(all, own.accountId) !== null) throw heldByAnother();
      const [opened] = await manager.query<[unknown[], number]>(OPEN, [id]);
      if (opened.length === 0) return requireOpen(manager, id);
      const now = await databaseNow(manager);
      // A lapsed claim is proven anew: the word of the other region is as good as a record.
      const isVerified = own.ownership === 'verified';
      await manager.getRepository(DomainEntity).update(domainId, {
        ...(isVerified ? {} : { ...BY_WORD, verifiedAt: now }),
        needsCnameProof: false,
        vouchedUntil: () => PERIOD,
        nextCheckAt: now,
        checkAttempts: 0,
        generation: own.generation + 1,
        // Discards the result of a check that is in progress.
        fence: () => 'fence + 1',
        leasedUntil: null,
        updatedAt: now,
      });
      if (!isVerified) await writeEvents(manager, own, [VERIFIED], actor);
      await this.moves.note(manager, own, 'move_arrived', region, actor);
      await announceChange(manager, hostname);
    });
  }
}

/** Another call has opened it, or it was cancelled meanwhile. */
async function requireOpen(manager: EntityManager, id: MoveId): Promise<void> {
  const open = await manager.query<unknown[]>(
    `select 1 from domain_moves where id = $1 and state = 'open'`,
    [id],
  );
  if (open.length === 0) throw codeRefused();
}

function isConflict(error: unknown): boolean {
  return error instanceof AppError && error.reason === CONFLICT;
}

/** The move has ended with it. */
function ignoreConflict(error: unknown): void {
  if (!isConflict(error)) throw error;
}

function heldByAnother(): AppError {
  return new AppError('invalid_request', 'Another account of this region has proven the name.', {
    field: 'code',
    reason: CONFLICT,
  });
}
