import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { DomainClient, type DomainRecord } from '../support/domain-client.js';
import type { DomainScene } from '../support/domain-scene.js';
import { REGION_HOST } from '../support/domain-scene-services.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { until } from '../support/until.js';

/** An account, with a client for either gateway. */
export interface Holder {
  readonly id: string;
  readonly auth: string;
}

/** Where a gateway is killed: before it has the claims, before its transaction commits, before its answer. */
export type Stop = 'claims' | 'commit' | 'answer';

export const APEX = 'given.test';
export const WWW = `www.${APEX}`;

const PLACE: Readonly<Record<Stop, string>> = {
  claims: `select from domains where hostname = '${APEX}' for update`,
  commit: 'lock table domain_changes, domain_events in exclusive mode',
  answer: 'lock table domain_changes, domain_events in exclusive mode',
};

// Whatever changes a pair holds an advisory lock.
const OPEN_REQUEST = `
  select 1 from pg_stat_activity a join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.granted
  where a.xact_start is not null and a.query ilike '%domain%'`;
const WAITING_REQUEST = `${OPEN_REQUEST} and a.wait_event_type = 'Lock'`;
const WAITING_FOR_TABLE = `
  select 1 from pg_locks where relation = 'domains'::regclass and mode = 'AccessExclusiveLock' and not granted`;

/** Two gateways, a pair of names, and accounts that give it to each other while one of the gateways is killed. */
export class AccountMoves {
  /** Of the two names, when they were set up. */
  #serials: Readonly<Record<string, string>> = {};
  /** Handshakes that failed or met another certificate, and requests to the second name that were not sent on. */
  readonly unserved: string[] = [];
  handshakes = 0;
  readonly codes: string[] = [];
  #isWatched = true;
  #watch: Promise<void> = Promise.resolve();

  private constructor(
    readonly scene: DomainScene,
    /** The gateway that is never killed. */
    readonly survivor: GatewayProcess,
    readonly ids: { readonly apex: string; readonly www: string },
  ) {}

  /** @param owner has the pair, set up and serving */
  static async start(scene: DomainScene, owner: Holder): Promise<AccountMoves> {
    const survivor = scene.gateways.at(-1);
    if (survivor === undefined) throw new Error('no gateway runs');
    const target = await scene.target(REGION_HOST, survivor);
    const client = new DomainClient(() => target, owner.auth);
    const made = await client.send('POST', '', { domain: APEX, pair: true });
    const { record } = made.json<{ record: DomainRecord & { pair: { id: string } } }>();
    const ids = { apex: record.id, www: record.pair.id };
    const moves = new AccountMoves(scene, survivor, ids);
    for (const id of [ids.apex, ids.www]) {
      await scene.publish(await client.get(id));
      await client.verify(id);
    }
    for (const id of [ids.apex, ids.www]) await client.serving(id);
    const serialOf = (name: string) => scene.servedSerial(name, survivor);
    moves.#serials = { [APEX]: await serialOf(APEX), [WWW]: await serialOf(WWW) };
    moves.#watch = moves.#look();
    return moves;
  }

  /** Accounts without the command, which takes a second for each. */
  static holders(scene: DomainScene, count: number): Promise<Holder[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const token = randomBytes(20).toString('hex');
        const email = `${randomBytes(6).toString('hex')}@given.test`;
        const hash = createHash('sha256').update(token).digest();
        const [row] = await scene.query<{ id: string }>(
          `with made as (
             insert into accounts (email, email_key, plan) values ($1, $1, 'identity_plus') returning id)
           insert into api_tokens (account_id, token_hash, name)
           select id, $2, 'of a test' from made returning account_id as id`,
          [email, hash],
        );
        return { id: row?.id ?? '', auth: `${email}:${token}` };
      }),
    );
  }

  get victim(): GatewayProcess {
    const victim = this.scene.gateways.find((gateway) => gateway !== this.survivor);
    if (victim === undefined) throw new Error('no gateway to kill');
    return victim;
  }

  async send(holder: Holder, request: Omit<Call, 'auth'>, gateway = this.survivor) {
    return call(await this.scene.target(REGION_HOST, gateway), { ...request, auth: holder.auth });
  }

  offer(holder: Holder, gateway = this.survivor): Promise<Answer> {
    return this.send(
      holder,
      { method: 'POST', path: `/api/domains/${this.ids.apex}/transfer` },
      gateway,
    );
  }

  async codeOf(holder: Holder): Promise<string> {
    const code = codeIn(await this.offer(holder));
    this.codes.push(code);
    return code;
  }

  takeBack(holder: Holder, gateway = this.survivor): Promise<Answer> {
    const path = `/api/domains/${this.ids.apex}/transfer`;
    return this.send(holder, { method: 'DELETE', path }, gateway);
  }

  enter(holder: Holder, code: string, gateway = this.survivor): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ code });
    return this.send(
      holder,
      { method: 'POST', path: '/api/domains/transfers', headers, body },
      gateway,
    );
  }

  /** Sends a request to a gateway and kills it at the place. Another one takes its part. */
  async killAt(stop: Stop, request: (victim: GatewayProcess) => Promise<unknown>): Promise<void> {
    const [holding, following] = [await this.#connect(), await this.#connect()];
    try {
      await holding.query('begin');
      await holding.query(PLACE[stop]);
      const sent = request(this.victim).catch(() => null);
      await until('the request waits', () => this.#isFound(WAITING_REQUEST));
      if (stop === 'answer') {
        // It gets the table when the transaction has committed, before the next statement of the request.
        const committed = following.query('begin; lock table domains in access exclusive mode');
        await until('the table is asked for', () => this.#isFound(WAITING_FOR_TABLE));
        await holding.query('rollback');
        await committed;
      }
      await this.scene.kill([this.victim]);
      await sent;
    } finally {
      await Promise.all([holding.end(), following.end()]);
    }
    await until('its transaction is over', async () => !(await this.#isFound(OPEN_REQUEST)));
    await this.scene.startGateway();
  }

  /** Sends a request to a gateway and kills it after so many milliseconds. */
  async killAfter(
    ms: number,
    request: (victim: GatewayProcess) => Promise<unknown>,
  ): Promise<void> {
    const sent = request(this.victim).catch(() => null);
    await delay(ms);
    await this.scene.kill([this.victim]);
    await sent;
    await this.scene.startGateway();
  }

  /** Everything that has to be true whatever was killed, except that `owner` has the names. */
  async faultsOf(owner: Holder): Promise<string[]> {
    const rows = await this.scene.query<{
      hostname: string;
      owner: string;
      extid: string;
      main: string | null;
    }>(
      `select d.hostname, d.account_id as owner, d.extid, m.extid as main
       from domains d left join domains m on m.id = d.main_id
       where d.hostname = any($1) and d.removed_at is null order by d.hostname`,
      [[APEX, WWW]],
    );
    const { apex, www } = this.ids;
    const wanted = [
      { hostname: APEX, owner: owner.id, extid: apex, main: null },
      { hostname: WWW, owner: owner.id, extid: www, main: apex },
    ];
    const found = [...this.unserved];
    if (JSON.stringify(rows) !== JSON.stringify(wanted)) found.push(JSON.stringify(rows));
    for (const name of [APEX, WWW]) {
      const orders = this.scene.done(name, 'newOrder');
      const certificates = await this.scene.certificatesOf(name);
      if (orders !== 1 || certificates.length !== 1)
        found.push(`${name}: ${orders} orders, ${certificates.length} certificates`);
    }
    return found;
  }

  async stop(): Promise<void> {
    this.#isWatched = false;
    await this.#watch;
  }

  /** Visitors of the gateway that is not killed, one after the other. */
  async #look(): Promise<void> {
    while (this.#isWatched) {
      for (const name of [APEX, WWW]) {
        const seen = await this.scene.servedSerial(name, this.survivor).catch(String);
        if (seen !== this.#serials[name]) this.unserved.push(`${name}: ${seen}`);
      }
      const target = await this.scene.target(WWW, this.survivor);
      const sent = await call(target, { path: '/api/v1/status' }).catch(() => null);
      if (sent?.status !== 308) this.unserved.push(`${WWW}: ${sent?.status}`);
      this.handshakes += 3;
      await delay(20);
    }
  }

  async #isFound(session: string): Promise<boolean> {
    return (await this.scene.query(session)).length > 0;
  }

  async #connect(): Promise<Client> {
    const client = new Client({ connectionString: this.scene.database.urlOf('eu') });
    await client.connect();
    return client;
  }
}

export function codeIn(answer: Answer): string {
  return answer.json<{ transfer: { code: string } }>().transfer.code;
}
