import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Account } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import type { Region } from '../../config/region.js';
import { AppError } from '../../shared/app-error.js';
import { domainsMaxOf } from '../claims/account-capacity.js';
import { holderAmong, lockClaims } from '../claims/competing-claims.js';
import { databaseNow } from '../claims/database-now.js';
import { announceChange } from '../claims/domain-changes.js';
import { DomainClaims } from '../claims/domain-claims.js';
import { writeEvents } from '../claims/domain-timeline.js';
import { codeRefused } from '../claims/transfer-offers.js';
import { DomainEntity } from '../domain.entity.js';
import { MOVE_DAYS, type MoveId } from '../domain-move.js';
import { isProven, UNPROVEN } from '../ownership.js';
import { readTransferCode } from '../transfer-offer.js';
import { DomainMoves } from './domain-moves.js';
import { MovePeers } from './move-peers.js';

const PERIOD = `now() + make_interval(days => ${MOVE_DAYS})`;

// One row for a code and a claim, however often the code is entered: the other region knows the move by its id.
const ASK = `
  insert into domain_moves (id, direction, domain_id, region, state, code_hash, expires_at)
  values ($1, 'in', $2, $3, 'asking', $4, ${PERIOD})
  on conflict (domain_id) where state in ('asking', 'open') do nothing`;

const ASKED = `
  select id, code_hash = $2 as "isSame" from domain_moves where domain_id = $1 and state in ('asking', 'open')`;

const OPEN = `update domain_moves set state = 'open' where id = $1 and state = 'asking' returning id`;

const FORGET = `delete from domain_moves where id = $1 and state = 'asking'`;

/** Of a code that was entered before, and whose name has arrived. */
const ARRIVED = `
  select d.extid from domain_moves m join domains d on d.id = m.domain_id and d.removed_at is null
  where m.code_hash = $1 and m.direction = 'in' and m.state in ('open', 'done') and d.account_id = $2`;

/**
 * Takes a name that another region gives, by its code. Each step can be repeated: whoever gets no answer enters the code
 * again. Until the other region has agreed, the claim is one that proves nothing.
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
    try {
      await this.#arrive(id, own, region, actor);
    } catch (error) {
      // The other region learns that nothing comes of it.
      if (error instanceof AppError && error.reason === 'CONFLICT_OTHER_CLAIM')
        await this.moves.end(id, own, 'cancelled', actor);
      throw error;
    }
    return own.extid;
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
    const existing = await this.dataSource.transaction(async (manager) => {
      const all = await lockClaims(manager, hostname);
      if (holderAmong(all, accountId) !== null) throw heldByAnother();
      return all.find((claim) => claim.accountId === accountId) ?? null;
    });
    if (existing !== null && existing.ownership !== 'revoked') return existing;
    const made = await this.claims.claim({ accountId, name, domainsMax, actor });
    return repository.findOneByOrFail({ id: made.id });
  }

  async #ask({ id }: DomainEntity, region: Region, hash: Buffer): Promise<MoveId> {
    await this.dataSource.query(ASK, [randomUUID(), id, region, hash]);
    const [asked] = await this.dataSource.query<{ id: MoveId; isSame: boolean }[]>(ASKED, [
      id,
      hash,
    ]);
    if (asked === undefined) throw codeRefused();
    if (asked.isSame) return asked.id;
    throw new AppError('invalid_request', 'Another move of this domain is under way.', {
      field: 'code',
      reason: 'MOVE_OPEN',
    });
  }

  #arrive(id: MoveId, { id: domainId, hostname }: DomainEntity, region: Region, actor: Actor) {
    return this.dataSource.transaction(async (manager) => {
      const all = await lockClaims(manager, hostname);
      const own = all.find((claim) => claim.id === domainId);
      if (own === undefined) throw codeRefused();
      // Proven by DNS meanwhile.
      if (holderAmong(all, own.accountId) !== null) throw heldByAnother();
      const [opened] = await manager.query<[unknown[], number]>(OPEN, [id]);
      if (opened.length === 0) return requireOpen(manager, id);
      const now = await databaseNow(manager);
      const unproven = isProven(own)
        ? {}
        : { ...UNPROVEN, ownership: 'verified', verifiedAt: now, proofMethod: 'transfer' as const };
      await manager.getRepository(DomainEntity).update(domainId, {
        ...(unproven as Partial<Pick<DomainEntity, 'ownership' | 'verifiedAt' | 'proofMethod'>>),
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
      const verified = {
        axis: 'ownership',
        type: 'verified',
        detail: { method: 'transfer' },
      } as const;
      if (!isProven(own)) await writeEvents(manager, own, [verified], actor);
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

function heldByAnother(): AppError {
  return new AppError('invalid_request', 'Another account of this region has proven the name.', {
    field: 'code',
    reason: 'CONFLICT_OTHER_CLAIM',
  });
}
