import { setTimeout as delay } from 'node:timers/promises';
import { recordsToMake, type DomainClient, type DomainRecord } from '../support/domain-client.js';
import { call } from '../support/https-client.js';
import { until } from '../support/until.js';
import { MoveVisitors } from './move-visitors.js';
import { GATEWAYS, SIDES, type MoveWorld, type Side } from './move-world.js';

const PAUSE_MS = 200;
const PATIENCE_MS = 100_000;

export interface Moving extends DomainRecord {
  readonly ownership: { readonly state: string; readonly method?: string };
  readonly move: MoveRecord | null;
}

export interface MoveRecord {
  readonly id: string;
  readonly direction: string;
  readonly state: string;
  readonly region: string;
  readonly silence: string | null;
}

/** One name on its way from `eu` to `us`. Each step waits for what the API says, and does not mind processes that are killed. */
export class MoveJourney {
  visitors!: MoveVisitors;
  /** Of a secret that was made on the name in the old region. */
  secretKey = '';
  code = '';
  old!: DomainRecord;
  there: Moving | null = null;

  constructor(
    readonly world: MoveWorld,
    readonly name: string,
    readonly owner: DomainClient,
    readonly receiver: DomainClient,
  ) {}

  /** The name serves in the old region, has a link there, and is visited from now on. */
  async begin(): Promise<void> {
    const { world, owner, name } = this;
    const claimed = await owner.claim(name);
    for (const { fqdn, type, desired } of recordsToMake(claimed)) {
      const [value = ''] = desired;
      if (type === 'TXT') await world.dns.addTxt(fqdn, value);
      else await world.dns.setCname(fqdn, value);
    }
    // The operator's own zone.
    await world.dns.setA(claimed.routing.target ?? '', [GATEWAYS.eu]);
    await owner.verify(claimed.id);
    this.old = await owner.serving(claimed.id);
    const made = await call(world.target('eu', name), {
      path: '/api/v1/share',
      auth: owner.auth,
      body: { secret: `kept for ${name}`, ttl: 3600 },
    });
    this.secretKey = made.json<{ secret_key: string }>().secret_key;
    this.visitors = new MoveVisitors(world, name);
  }

  async offer(region = 'us'): Promise<void> {
    const answer = await this.owner.send('POST', `/${this.old.id}/transfer`, { region });
    this.code = answer.json<{ transfer: { code: string } }>().transfer.code;
  }

  /** The receiver enters the code, and again only if the old region has not agreed. */
  async arrive(): Promise<void> {
    await this.receiver.send('POST', '/transfers', { code: this.code }).catch(() => null);
    await this.#until('the name has arrived', async () => {
      this.there = await this.#received();
      const hasArrived = this.there?.ownership.state === 'verified';
      if (hasArrived || (await this.#outMove()) !== null) return hasArrived;
      await this.receiver.send('POST', '/transfers', { code: this.code }).catch(() => null);
      return false;
    });
  }

  async reach(state: string): Promise<void> {
    await this.#until(`both say ${state}`, async () => {
      const states = await this.states();
      return states.every((each) => each === state);
    });
  }

  /** The owner of the zone leads the name to the new region. */
  async switch(): Promise<void> {
    const { target } = (this.there as Moving).routing;
    await this.world.dns.setA(target ?? '', [GATEWAYS.us]);
    await this.world.dns.setCname(this.name, target ?? '');
  }

  /** The name has led where it leads for two days, by the checks of each region. */
  async twoDaysLater(): Promise<void> {
    await this.#until('both have seen the switch', async () => {
      const [old] = await this.world.query<{ routing: string }>(
        'eu',
        `select routing from domains where hostname = $1 and removed_at is null`,
        [this.name],
      );
      return old?.routing === 'wrong_region' && (await this.states())[1] === 'switched';
    });
    for (const side of SIDES)
      await this.world.query(
        side,
        `update domains set routing_since = routing_since - interval '49 hours' where hostname = $1`,
        [this.name],
      );
  }

  async end(): Promise<void> {
    await this.#until('the old claim has ended', async () => {
      const gone = await this.owner.send('GET', `/${this.old.id}`).catch(() => null);
      return gone?.status === 404 && (await this.states())[1] === 'done';
    });
    await this.world.whole();
    await this.#until('nothing is under way', async () => (await this.openMoves()).length === 0);
  }

  /** The whole way. */
  async go(): Promise<void> {
    try {
      await this.#go();
    } finally {
      await this.visitors.stop();
    }
  }

  async #go(): Promise<void> {
    await this.offer();
    await this.arrive();
    await this.reach('ready_to_switch');
    await this.switch();
    await this.reach('switched');
    await this.twoDaysLater();
    await this.end();
  }

  async states(): Promise<(string | undefined)[]> {
    const [old, there] = await Promise.all([
      this.seen('eu').catch(() => null),
      this.seen('us').catch(() => null),
    ]);
    return [old?.move?.state, there?.move?.state];
  }

  async seen(side: Side): Promise<Moving> {
    const [client, id] =
      side === 'eu' ? [this.owner, this.old.id] : [this.receiver, this.there?.id ?? ''];
    return (await client.get(id)) as Moving;
  }

  openMoves(): Promise<object[]> {
    const open = SIDES.map((side) =>
      this.world.query<object>(
        side,
        `select m.direction, m.state from domain_moves m join domains d on d.id = m.domain_id
         where d.hostname = $1 and m.state in ('asking', 'open')`,
        [this.name],
      ),
    );
    return Promise.all(open).then((rows) => rows.flat());
  }

  async #received(): Promise<Moving | null> {
    const answer = await this.receiver.send('GET', '').catch(() => null);
    const records = answer?.json<{ records?: Moving[] }>().records ?? [];
    return records.find(({ hostname }) => hostname === this.name) ?? null;
  }

  async #outMove(): Promise<MoveRecord | null> {
    const old = await this.seen('eu').catch(() => null);
    return old?.move ?? null;
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    let last = '';
    try {
      await until(
        what,
        async () => {
          await this.world.hasten(this.name);
          if (await condition()) return true;
          last = JSON.stringify([await this.states(), await this.openMoves()]);
          await delay(PAUSE_MS);
          return false;
        },
        PATIENCE_MS,
      );
    } catch (cause) {
      const logs = SIDES.map((side) => `${side}: ${tail(this.world.logs(side))}`);
      throw new Error(`${what}: ${last}\n${logs.join('\n')}`, { cause });
    }
  }
}

function tail(logs: string): string {
  const lines = logs.split('\n').filter((line) => !line.includes('"msg":"request"'));
  return lines.slice(-40).join('\n');
}
