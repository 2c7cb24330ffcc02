import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FairPool } from '../../../src/database/fair-pool.js';
import { pipeSockets } from '../../support/pipe-sockets.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const LIMIT = 5000;

/** A way to PostgreSQL that holds what a client sends for as long as the test likes. */
class HeldWay {
  readonly #sockets = new Set<Socket>();
  #isHolding = false;
  #letGo: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(database: URL): Promise<HeldWay> {
    const socketPath = `${database.searchParams.get('host')}/.s.PGSQL.5432`;
    const server = createServer((client) => way.#take(client, () => connect(socketPath)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(database);
    url.search = '';
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as AddressInfo).port);
    const way = new HeldWay(server, url.href);
    return way;
  }

  hold(): void {
    this.#isHolding = true;
  }

  letGo(): void {
    this.#isHolding = false;
    for (const go of this.#letGo) go();
    this.#letGo = [];
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  #take(client: Socket, toServer: () => Socket): void {
    this.#sockets.add(client);
    client.on('error', () => undefined);
    const pipe = (): void => pipeSockets(client, toServer(), () => this.#sockets.delete(client));
    if (this.#isHolding) this.#letGo.push(pipe);
    else pipe();
  }
}

describe('the limit for connecting', () => {
  let database: TestDatabase;
  let way: HeldWay;
  let pool: FairPool;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    way = await HeldWay.to(new URL(database.url));
    pool = new FairPool({ connectionString: way.url, max: 4, connectionTimeoutMillis: LIMIT });
    pool.on('error', () => {});
  });
  afterEach(async () => {
    await pool.end();
    await way.close();
  });
  afterAll(() => database.close());

  it('ends an attempt that nobody answers', async () => {
    way.hold();
    await expect(pool.query('select 1')).rejects.toThrow('PostgreSQL did not answer within 5 s');
    way.letGo();
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('does not count the time in which the process stood still', async () => {
    const answer = pool.query('select 1 as one');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1.2 * LIMIT);
    await expect(answer).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('does not end an attempt while the server answers others', async () => {
    const other = await pool.connect();
    other.release();
    way.hold();
    const answers = Promise.all([pool.query('select 1 as one'), pool.query('select 2 as one')]);
    const start = performance.now();
    while (performance.now() < start + 1.2 * LIMIT) await pool.query('select 3');
    expect(pool.totalCount).toBe(2);
    way.letGo();
    const rows = (await answers).map((answer) => answer.rows as unknown[]);
    expect(rows).toEqual([[{ one: 1 }], [{ one: 2 }]]);
  });
});
