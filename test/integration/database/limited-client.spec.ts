import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FairPool } from '../../../src/database/fair-pool.js';
import { pipeSockets } from '../../support/pipe-sockets.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const LIMIT = 5000;
const ANSWER_LIMIT = 3000;

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

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

describe('the limits of a connection', () => {
  let database: TestDatabase;
  let way: HeldWay;
  let pool: FairPool;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    way = await HeldWay.to(new URL(database.url));
    pool = new FairPool({
      connectionString: way.url,
      max: 4,
      connectionTimeoutMillis: LIMIT,
      query_timeout: ANSWER_LIMIT,
    });
    pool.on('error', () => {});
  });
  afterEach(async () => {
    await pool.end();
    await way.close();
  });
  afterAll(() => database.close());

  it('end an attempt to connect that nobody answers', async () => {
    way.hold();
    await expect(pool.query('select 1')).rejects.toThrow('PostgreSQL did not answer within 5 s');
    way.letGo();
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('do not count the time in which the process stood still while it connected', async () => {
    const answer = pool.query('select 1 as one');
    standStill(1.2 * LIMIT);
    await expect(answer).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('do not end an attempt while the server answers others', async () => {
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

  it('do not throw away the answer to a statement because the process stood still', async () => {
    const client = await pool.connect();
    const answer = client.query('select pg_sleep(1)');
    standStill(1.2 * ANSWER_LIMIT);
    await expect(answer).resolves.toMatchObject({ rowCount: 1 });
    client.release();
  });

  it('end a statement without an answer, and the next one has another connection', async () => {
    const client = await pool.connect();
    await expect(client.query('select pg_sleep(8)')).rejects.toThrow('Query read timeout');
    // As TypeORM releases it: without the error.
    client.release();
    expect(pool.totalCount).toBe(0);
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('give way to the limit that a statement has', async () => {
    const client = await pool.connect();
    await client.query('select 1');
    const patient = { text: 'select pg_sleep(5)', query_timeout: 60_000 };
    await expect(client.query(patient)).resolves.toMatchObject({ rowCount: 1 });
    const hasty = { text: 'select pg_sleep(5)', query_timeout: 100 };
    await expect(client.query(hasty)).rejects.toThrow('Query read timeout');
    client.release(true);
  });
});
