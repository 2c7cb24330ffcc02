import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BackgroundJob } from '../../database/background-job.js';
import { DueLoop } from '../../database/due-loop.js';
import type { Region } from '../../config/region.js';
import type { Hostname } from '../../shared/hostname.js';
import { loggerFor } from '../../shared/log-scope.js';
import type { AccountId } from '../../accounts/account.js';
import { DomainLifecycle } from '../claims/domain-lifecycle.js';
import type { DomainId } from '../domain.js';
import {
  GIVEN_UP_AFTER_DAYS,
  LOOKED_UP_WITHIN_DAYS,
  MOVED_AFTER_HOURS,
  OLD_RECORD_HOURS,
  type MoveId,
  type MoveState,
} from '../domain-move.js';
import { DomainMoves, UNTIL_NEXT_LOOK } from './domain-moves.js';
import { MoveArrivals } from './move-arrivals.js';
import { MovePeers } from './move-peers.js';

const BATCH = 20;

// Who leases a row has a minute for it.
const TAKE = `
  update domain_moves set next_look_at = now() + ${UNTIL_NEXT_LOOK}
  where id = any(array(
    select id from domain_moves where state in ('asking', 'open') and next_look_at <= now()
    order by next_look_at limit ${BATCH} for no key update skip locked
  )) returning id`;

// The last check says where the name leads: its address look-ups were answered, and alike.
const IS_KNOWN = `d.routing <> 'mixed' and (
  'ok' in (d.facts #>> '{a,status}', d.facts #>> '{aaaa,status}')
  or (d.facts #>> '{a,status}' in ('nodata', 'nxdomain') and d.facts #>> '{aaaa,status}' in ('nodata', 'nxdomain')))`;

const OF_TAKEN = `
  select m.id, m.direction, m.region, m.state, d.id as "domainId", d.hostname, d.account_id as "accountId",
    d.removed_at is not null as "isRemoved",
    m.expires_at <= now() as "isOver",
    m.expires_at <= now() - make_interval(days => ${GIVEN_UP_AFTER_DAYS}) as "isGivenUp",
    d.next_check_at is null or d.checked_at >= ended.at + interval '${LOOKED_UP_WITHIN_DAYS} days'
      or (d.checked_at >= ended.at + ended.wait and ${IS_KNOWN}) as "isChecked",
    case m.direction when 'in' then d.pointed_at is not null else d.routing = 'wrong_region' end
      as "isSwitched",
    d.routing_since <= now() - interval '${MOVED_AFTER_HOURS} hours' as "isLongSince"
  from domain_moves m join domains d on d.id = m.domain_id, lateral (select
    case when m.peer_state in ('cancelled', 'expired') then m.heard_at else m.expires_at end as at,
    make_interval(hours => case m.direction when 'in' then ${OLD_RECORD_HOURS} else 0 end) as wait) ended
  where m.id = any($1::uuid[])`;

// The name's pages are told what is news.
const HEARD = `
  with before as (select peer_state from domain_moves where id = $1),
  heard as (
    update domain_moves set peer_state = $2, silence = null, silent_since = null,
      heard_at = case when peer_state = $2 and $2 in ('cancelled', 'expired') then heard_at else now() end
    where id = $1 and state in ('asking', 'open') returning id)
  select pg_notify('domain_progress', $3) from heard, before where before.peer_state is distinct from $2`;

// What it said before stays: a region that was restored from a backup has forgotten, and nothing has happened.
const SILENT = `
  update domain_moves set silence = $2, silent_since = case when silence = $2 then silent_since else now() end
  where id = $1 and state in ('asking', 'open')`;

interface OpenMove {
  readonly id: MoveId;
  readonly direction: 'in' | 'out';
  readonly region: Region;
  readonly state: 'asking' | 'open';
  readonly domainId: DomainId;
  readonly hostname: Hostname;
  readonly accountId: AccountId;
  readonly isRemoved: boolean;
  readonly isOver: boolean;
  /** It is over for so long that nobody asks any more. */
  readonly isGivenUp: boolean;
  /**
   * Where the name leads is known by a check that was made after the end, or after the other region has told of it, when no
   * resolver had an older record any more. Or it is not looked up any more.
   */
  readonly isChecked: boolean;
  /** The name leads to its new region. */
  readonly isSwitched: boolean;
  readonly isLongSince: boolean;
}

const CHECK = `update domains set next_check_at = now() where id = $1 and next_check_at > now()`;

// One that is proven and leads here is else looked up every six hours: its switch would be seen as late.
const CHECK_AFTER = `${CHECK} and checked_at <= now() - make_interval(mins => $2)`;
const CHECKED_EVERY_MINUTES = 60;
/** While the other region says that the name leads there. */
const CHECKED_SOON_MINUTES = 1;

const UNKNOWN = 'the other region of a move has no such move, was it restored?';
const GIVEN_UP =
  'a move is given up, its new region never said that it serves the name: the old claim stays';

/** Null: it has no such move. `unreachable`: nothing is concluded from it. */
type Peer = MoveState | null | 'unreachable';
type Outcome = 'done' | 'cancelled' | 'expired' | null;

/**
 * Where a move goes. Null: it goes on. Pure.
 * @param peer what the other region says
 */
function outcomeOf(move: OpenMove, peer: Peer): Outcome {
  const { direction, state, isRemoved, isOver, isSwitched, isLongSince, isGivenUp } = move;
  const isServedThere = peer === 'switched' || peer === 'done';
  // Checks are hours apart: nobody loses a name that was switched just before the end, or the removal of the old claim.
  const isElsewhere = !isSwitched && move.isChecked;
  const isMissed = isOver && isElsewhere;
  const isSettled = isSwitched && isLongSince;
  const isReleased = direction === 'out' && isSettled;
  if (isRemoved) return isReleased ? 'done' : 'cancelled';
  if (state === 'asking') return isOver ? 'expired' : null;
  if (direction === 'in') {
    // Where the name leads is what its owner has decided, whatever the old region says.
    if (isSettled || (isSwitched && (peer === 'done' || isOver))) return 'done';
    if (isElsewhere && (peer === 'cancelled' || peer === 'expired')) return peer;
    return isMissed ? 'expired' : null;
  }
  // The new region serves the name: only then the old claim ends.
  if (isSettled && isServedThere) return 'done';
  if (peer === 'cancelled' || peer === 'expired') return peer;
  return isGivenUp || (isMissed && !isServedThere) ? 'expired' : null;
}

/** It ends if its name does not lead to the new region, which was not looked up since. */
function mayEnd({ state, isOver, isChecked, isSwitched }: OpenMove, peer: Peer): boolean {
  const isToEnd = isOver || peer === 'cancelled' || peer === 'expired';
  return state === 'open' && isToEnd && !isChecked && !isSwitched;
}

/** Asks the other region about open moves, and ends those that have ended: the old claim, when the name has moved. */
@Injectable()
export class MoveJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(MoveJob.name);
  readonly #loop = new DueLoop({ name: MoveJob.name, round: () => this.round() });

  constructor(
    private readonly dataSource: DataSource,
    private readonly moves: DomainMoves,
    private readonly arrivals: MoveArrivals,
    private readonly lifecycle: DomainLifecycle,
    private readonly peers: MovePeers,
  ) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Looks at the moves that are due. Returns whether more may be. */
  async round(): Promise<boolean> {
    const [taken] = await this.dataSource.query<[{ id: MoveId }[], number]>(TAKE);
    if (taken.length === 0) return false;
    const ids = taken.map(({ id }) => id);
    const moves = await this.dataSource.query<OpenMove[]>(OF_TAKEN, [ids]);
    await Promise.all(moves.map((move) => this.#look(move)));
    return taken.length === BATCH;
  }

  async #look(move: OpenMove): Promise<void> {
    const { hostname, region } = move;
    try {
      const peer = await this.#peerOf(move);
      await this.#note(move, peer);
      const outcome = outcomeOf(move, peer);
      if (outcome !== null) await this.#end(move, outcome);
      else if (mayEnd(move, peer)) await this.dataSource.query(CHECK, [move.domainId]);
      else if (move.state === 'open') await this.#checkSoon(move, peer);
      else if (peer !== 'unreachable') await this.arrivals.resume(move, peer);
    } catch (err) {
      this.#logger.warn({ hostname, peer: region, err }, 'move not looked at, will retry');
    }
  }

  async #checkSoon({ domainId, isSwitched }: OpenMove, peer: Peer): Promise<void> {
    if (isSwitched) return;
    const minutes = peer === 'switched' ? CHECKED_SOON_MINUTES : CHECKED_EVERY_MINUTES;
    await this.dataSource.query(CHECK_AFTER, [domainId, minutes]);
  }

  async #end(move: OpenMove, outcome: Exclude<Outcome, null>): Promise<void> {
    const { domainId: id, hostname, accountId, direction, region } = move;
    // First the claim: killed in between, the next round finds it removed and its move open, and ends that.
    if (outcome === 'done' && direction === 'out')
      await this.lifecycle.release({ id, hostname, accountId }, 'moved');
    const isEnded = await this.moves.end(move.id, { id, hostname }, outcome);
    if (isEnded && direction === 'out' && move.isSwitched && outcome === 'expired')
      this.#logger.warn({ hostname, peer: region }, GIVEN_UP);
  }

  async #note({ id, hostname, region, state }: OpenMove, peer: Peer): Promise<void> {
    const silence = peer === null ? 'unknown' : peer === 'unreachable' ? peer : null;
    if (silence === null) await this.dataSource.query(HEARD, [id, peer, hostname]);
    else await this.dataSource.query(SILENT, [id, silence]);
    // While its code is being entered the other region knows nothing of it yet.
    if (silence === 'unknown' && state === 'open')
      this.#logger.warn({ hostname, peer: region }, UNKNOWN);
  }

  async #peerOf({ id, region, hostname }: OpenMove): Promise<Peer> {
    try {
      return await this.peers.stateOf(region, id);
    } catch (err) {
      this.#logger.warn(
        { hostname, peer: region, err },
        'the other region of a move does not answer',
      );
      return 'unreachable';
    }
  }
}
