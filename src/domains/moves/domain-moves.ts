import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import type { Region } from '../../config/region.js';
import { AppError } from '../../shared/app-error.js';
import type { Hostname } from '../../shared/hostname.js';
import { loggerFor } from '../../shared/log-scope.js';
import { databaseNow } from '../claims/database-now.js';
import { lockClaims } from '../claims/competing-claims.js';
import { announceChange } from '../claims/domain-changes.js';
import { writeEvents } from '../claims/domain-timeline.js';
import { loseName } from '../claims/next-ownership.js';
import type { DomainId } from '../domain.js';
import { DomainEntity } from '../domain.entity.js';
import {
  isEnded,
  MOVE_DAYS,
  type DomainMove,
  type MoveId,
  type MoveState,
} from '../domain-move.js';
import { isProven } from '../ownership.js';
import { codeRefused } from '../claims/transfer-offers.js';
import { readTransferCode, type TransferId } from '../transfer-offer.js';

/** The region that vouches, for whoever entered the code there. */
const PEER: Actor = { ...GATEWAY, name: 'another region' };

/** Of a row of domain_moves: looked at each minute at first, while people wait, later every ten minutes. */
export const UNTIL_NEXT_LOOK = `case
  when created_at > now() - interval '1 hour' then interval '1 minute' else interval '10 minutes' end`;

// Certificates belong to a room below this one; they are read here, never written.
const IS_CERTIFIED = `exists (select from certificates c
  where c.hostname = d.hostname and c.superseded_at is null and c.destroyed_at is null and c.not_after > now())`;

/** Of `m` and its claim `d`: what the API shows of a move, and what the other region is told. */
export const MOVE_STATE = `case
  when m.state = 'asking' then 'accepted'
  when m.state <> 'open' then m.state
  when d.removed_at is not null then case
    when m.direction = 'out' and d.routing = 'wrong_region' and m.peer_state in ('switched', 'done') then 'done'
    else 'cancelled' end
  when m.direction = 'in' then case
    when d.pointed_at is not null then 'switched'
    -- The claim waits only for a look at where the name leads.
    when m.peer_state in ('cancelled', 'expired') then m.peer_state
    when ${IS_CERTIFIED} then 'ready_to_switch' else 'preparing' end
  when d.routing = 'wrong_region' then 'switched'
  else coalesce(m.peer_state, 'accepted') end`;

const OF_DOMAINS = `
  select distinct on (m.domain_id) m.domain_id as "domainId", m.id, m.direction, m.region, ${MOVE_STATE} as state,
    m.created_at as "createdAt", m.expires_at as "expiresAt", m.heard_at as "heardAt",
    case when m.state = 'open' then m.silence end as silence,
    case when m.state = 'open' then m.silent_since end as "silentSince"
  from domain_moves m join domains d on d.id = m.domain_id
  where m.domain_id = any($1::uuid[]) order by m.domain_id, m.created_at desc`;

/** Between two looks at a move that is watched. Other regions limit how often they are asked. */
const WATCHED_SECONDS = 20;

// The row has the time of the next look, which tells that of the last one.
const HASTEN = `
  update domain_moves set next_look_at = now()
  where domain_id = any($1::uuid[]) and state in ('asking', 'open')
    and next_look_at between now() and now() + ${UNTIL_NEXT_LOOK} - interval '${WATCHED_SECONDS} seconds'`;

const STATE_OF = `
  select ${MOVE_STATE} as state from domain_moves m join domains d on d.id = m.domain_id where m.id = $1`;

// Whoever enters a code again that was used by an account, suspended since, is answered as before.
const OFFERED = `
  select o.id, o.domain_id as "domainId", o.state, d.hostname
  from domain_transfers o join domains d on d.id = o.domain_id and d.removed_at is null
  join accounts a on a.id = o.account_id and a.state <> 'closing'
  where o.code_hash = $1 and o.region = $2 and o.account_id = d.account_id
    and d.ownership in ('verified', 'lapsed')`;

const LIVE = `${OFFERED} and o.state = 'offered' and o.expires_at > now() and a.state = 'active'`;

const USE = `
  update domain_transfers o set state = 'completed'
  where id = $1 and state = 'offered' and expires_at > now()
    and exists (select from accounts giver where giver.id = o.account_id and giver.state = 'active')
  returning id`;

const OPEN_OUT = `
  insert into domain_moves (id, direction, domain_id, region, state, expires_at)
  values ($1, 'out', $2, $3, 'open', now() + make_interval(days => ${MOVE_DAYS}))
  on conflict do nothing returning id`;

const IS_SAME = `
  select 1 from domain_moves where id = $1 and domain_id = $2 and direction = 'out' and region = $3 and state = 'open'`;

const END = `update domain_moves set state = $2 where id = $1 and state in ('asking', 'open')
  returning direction`;

interface Offered {
  readonly id: TransferId;
  readonly domainId: DomainId;
  readonly hostname: Hostname;
}

/** What a region does with moves, whichever side it is on. */
@Injectable()
export class DomainMoves {
  readonly #logger = loggerFor(DomainMoves.name);

  constructor(private readonly dataSource: DataSource) {}

  /** For the new region: the name that the code gives to it. Null for a code that gives nothing. It changes nothing. */
  async look(code: string, region: Region): Promise<Hostname | null> {
    const values = [readTransferCode(code).hash, region];
    const [offered] = await this.dataSource.query<Offered[]>(LIVE, values);
    return offered?.hostname ?? null;
  }

  /** The new region takes the name: the first id wins, and may come again. Null for a code that gives nothing. */
  async accept(code: string, region: Region, id: MoveId): Promise<Hostname | null> {
    const values = [readTransferCode(code).hash, region];
    const [offered] = await this.dataSource.query<Offered[]>(OFFERED, values);
    if (offered === undefined) return null;
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockClaims(manager, offered.hostname);
      const own = claims.find((claim) => claim.id === offered.domainId);
      if (own === undefined || !isProven(own)) return null;
      const [used] = await manager.query<[unknown[], number]>(USE, [offered.id]);
      if (used.length === 0) {
        const same = await manager.query<unknown[]>(IS_SAME, [id, own.id, region]);
        return same.length > 0 ? own.hostname : null;
      }
      const opened = await manager.query<unknown[]>(OPEN_OUT, [id, own.id, region]);
      // The domain moves already, or the id is another's. The code is not used up.
      if (opened.length === 0) throw codeRefused();
      // Once the name leads to the other region, the links that were made here open on the region's own host alone.
      const policy = { ...own.policy, opensOnRegionHost: true };
      await manager.getRepository(DomainEntity).update(own.id, {
        policy,
        generation: own.generation + 1,
        updatedAt: () => 'now()',
      });
      await announceChange(manager, own.hostname);
      await this.note(manager, own, 'move_accepted', region, PEER);
      return own.hostname;
    });
  }

  /** Null: there is no such move here. */
  async stateOf(id: MoveId): Promise<MoveState | null> {
    const [row] = await this.dataSource.query<{ state: MoveState }[]>(STATE_OF, [id]);
    return row?.state ?? null;
  }

  /** The newest move of each of the claims. */
  async ofDomains(ids: readonly DomainId[]): Promise<ReadonlyMap<DomainId, DomainMove>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.query<(DomainMove & { readonly domainId: DomainId })[]>(
      OF_DOMAINS,
      [[...ids]],
    );
    return new Map(rows.map(({ domainId, ...move }) => [domainId, move]));
  }

  /** Somebody looks at these domains: the other region is asked soon how far they are. Never rejects. */
  async watch(moving: ReadonlyMap<DomainId, DomainMove>): Promise<void> {
    const ids = [...moving].flatMap(([id, { state }]) => (isEnded(state) ? [] : [id]));
    if (ids.length === 0) return;
    try {
      await this.dataSource.query(HASTEN, [ids]);
    } catch (err) {
      this.#logger.warn({ moves: ids.length, err }, 'moves not made due, left to the schedule');
    }
  }

  /** Ends the open move of a domain, from either side. Throws AppError `not_found` when there is none. */
  async cancel(accountId: AccountId, extid: string, actor: Actor): Promise<void> {
    const { dataSource } = this;
    const domain = await dataSource.getRepository(DomainEntity).findOneBy({ accountId, extid });
    const move = domain === null ? undefined : (await this.ofDomains([domain.id])).get(domain.id);
    if (
      domain === null ||
      move === undefined ||
      !(await this.end(move.id, domain, 'cancelled', actor))
    )
      throw new AppError('not_found', 'The domain is not on offer.');
  }

  /**
   * Ends an open move. What came here on another region's word alone, and does not lead here, is lost with it. Returns
   * whether this call ended it.
   */
  end(
    id: MoveId,
    { id: domainId, hostname }: Pick<DomainEntity, 'id' | 'hostname'>,
    state: 'done' | 'cancelled' | 'expired',
    actor: Actor = GATEWAY,
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockClaims(manager, hostname);
      const [ended] = await manager.query<[{ direction: string }[], number]>(END, [id, state]);
      const [move] = ended;
      if (move === undefined) return false;
      const own = claims.find((claim) => claim.id === domainId);
      if (own === undefined) return true;
      await writeEvents(manager, own, [moveEvent(`move_${state}`)], actor);
      if (move.direction === 'in') await withdrawWord(manager, own, state);
      return true;
    });
  }

  note(
    manager: EntityManager,
    own: DomainEntity,
    type: 'move_accepted' | 'move_arrived',
    region: Region,
    actor: Actor,
  ): Promise<void> {
    return writeEvents(manager, own, [moveEvent(type, { region })], actor);
  }
}

function moveEvent(type: string, detail: Readonly<Record<string, unknown>> = {}) {
  return { axis: 'ownership', type, detail } as const;
}

/** From now on the claim needs a proof of its own. */
async function withdrawWord(
  manager: EntityManager,
  own: DomainEntity,
  state: 'done' | 'cancelled' | 'expired',
): Promise<void> {
  const now = await databaseNow(manager);
  const rests = isProven(own) && own.proofMethod === 'transfer' && own.pointedAt === null;
  const lost = rests && state !== 'done' ? loseName(own, now, 'move_ended') : null;
  await manager.getRepository(DomainEntity).update(own.id, {
    ...lost?.next,
    ...(lost === null ? {} : { nextCheckAt: null, fence: () => 'fence + 1', leasedUntil: null }),
    vouchedUntil: null,
    generation: own.generation + 1,
    updatedAt: now,
  });
  if (lost !== null) await writeEvents(manager, own, lost.events, GATEWAY);
  await announceChange(manager, own.hostname);
}
