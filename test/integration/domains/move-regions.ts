import type { Account } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Region } from '../../../src/config/region.js';
import { DomainLifecycle } from '../../../src/domains/claims/domain-lifecycle.js';
import { TransferOffers } from '../../../src/domains/claims/transfer-offers.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { DomainMove, MoveId, MoveState } from '../../../src/domains/domain-move.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { DomainMoves } from '../../../src/domains/moves/domain-moves.js';
import { DomainTransfers } from '../../../src/domains/moves/domain-transfers.js';
import { MoveArrivals } from '../../../src/domains/moves/move-arrivals.js';
import { MovePeers } from '../../../src/domains/moves/move-peers.js';
import { MoveJob } from '../../../src/domains/moves/move.job.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anAccount, openRoom, settings, type FakeDns, type Room } from './support.js';

/** Where a call to the other region is cut: before it has done anything, or after it has and before it says so. */
export type Cut = {
  readonly method: 'look' | 'accept' | 'stateOf';
  readonly when: 'before' | 'after';
};

/** The other regions of a test, without a network; each call can be cut. */
class DirectPeers extends MovePeers {
  cut: Cut | null = null;
  /** Happens once, before the next call. */
  meanwhile: (() => Promise<unknown>) | null = null;

  constructor(
    private readonly own: Region,
    private readonly regions: ReadonlyMap<Region, TestRegion>,
  ) {
    super();
  }

  override look(region: Region, code: string): Promise<string | null> {
    return this.#call('look', region, (moves) => moves.look(code, this.own));
  }

  override accept(region: Region, code: string, id: MoveId): Promise<string | null> {
    return this.#call('accept', region, (moves) => moves.accept(code, this.own, id));
  }

  override stateOf(region: Region, id: MoveId): Promise<MoveState | null> {
    return this.#call('stateOf', region, (moves) => moves.stateOf(id));
  }

  async #call<T>(method: Cut['method'], region: Region, act: (moves: DomainMoves) => Promise<T>) {
    const peer = this.regions.get(region);
    if (peer === undefined) throw new Error(`there is no region ${region}`);
    const { meanwhile } = this;
    this.meanwhile = null;
    await meanwhile?.();
    const cut = this.cut?.method === method ? this.cut : null;
    if (cut?.when === 'before') throw new Error('cut');
    const answer = await act(peer.transfers.moves);
    if (cut !== null) throw new Error('cut');
    return answer;
  }
}

/** One region with a database of its own. */
export interface TestRegion {
  readonly name: Region;
  readonly database: TestDatabase;
  readonly room: Room;
  readonly peers: DirectPeers;
  readonly transfers: DomainTransfers;
  readonly job: MoveJob;
  account(): Promise<Account>;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  move(domain: Pick<Domain, 'id'>): Promise<DomainMove | null>;
  /** Looks at every open move once, and makes the checks that are due. */
  lookOnce(): Promise<void>;
  /** What has ended, or is over, has been so for hours. */
  hoursLater(hours: number): Promise<void>;
  /** Looks at every open move now, and again when the ended ones may be concluded. */
  look(): Promise<void>;
}

/** Regions that share a DNS and nothing else. */
export async function openRegions(names: readonly string[], dns: FakeDns): Promise<TestRegion[]> {
  const regions = new Map<Region, TestRegion>();
  for (const name of names)
    regions.set(name as Region, await openRegion(name as Region, regions, dns));
  return [...regions.values()];
}

async function openRegion(
  name: Region,
  regions: ReadonlyMap<Region, TestRegion>,
  dns: FakeDns,
): Promise<TestRegion> {
  const database = await openTestDatabase();
  const { dataSource } = database;
  const own = Object.assign(new DomainSettings(), settings, { region: name });
  const room = openRoom(database, { dns, settings: own });
  const peers = new DirectPeers(name, regions);
  const moves = new DomainMoves(dataSource);
  const arrivals = new MoveArrivals(dataSource, room.claims, moves, peers);
  const offers = new TransferOffers(dataSource, own);
  const job = new MoveJob(dataSource, moves, arrivals, new DomainLifecycle(dataSource), peers);
  const query: TestRegion['query'] = (text, values = []) => dataSource.query(text, values);
  async function lookOnce(): Promise<void> {
    await query('update domain_moves set next_look_at = now()');
    await job.round();
    while (await room.checks.round());
  }
  async function hoursLater(hours: number): Promise<void> {
    await query(
      `update domain_moves set
         heard_at = heard_at - case when peer_state in ('cancelled', 'expired') then ago else '0' end,
         expires_at = expires_at - case when expires_at <= now() then ago else '0' end
       from make_interval(hours => $1) ago where state = 'open'`,
      [hours],
    );
  }
  return {
    name,
    database,
    room,
    peers,
    transfers: new DomainTransfers(offers, moves, arrivals, own),
    job,
    account: () => anAccount(database),
    query,
    move: async ({ id }) => (await moves.ofDomains([id])).get(id) ?? null,
    lookOnce,
    hoursLater,
    look: async () => {
      // A move ends only after where its name leads was looked up.
      await lookOnce();
      await hoursLater(3);
      await lookOnce();
    },
  };
}

export function enter({ transfers }: TestRegion, account: Account, code: string): Promise<string> {
  return transfers.accept(account, code, COMMAND_LINE);
}
