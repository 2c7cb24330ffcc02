import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { ChangeFeed } from '../../../src/database/change-feed.js';
import { dataSourceOptions } from '../../../src/database/connect.js';
import { Statements, type Statement } from '../../../src/database/statements.js';
import { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import { CustomDomainLookup } from '../../../src/gateway/custom-domain-lookup.js';
import { DestinationLookup } from '../../../src/gateway/destination-lookup.js';
import { EdgeJournal } from '../../../src/gateway/edge-journal.js';
import type { HostTable } from '../../../src/gateway/host-table.js';
import { LookupLimiter } from '../../../src/gateway/lookup-limiter.js';
import { RequestDispatcher } from '../../../src/gateway/request-dispatcher.js';
import { SniContexts } from '../../../src/gateway/sni-contexts.js';
import { TlsListener } from '../../../src/gateway/tls-listener.js';
import { WellKnown } from '../../../src/gateway/well-known.js';
import type { Cell } from '../../../src/region/cell.js';
import type { RequestJournal } from '../../../src/region/request-journal.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { createLogger } from '../../../src/shared/logger.js';
import { NetworkList } from '../../../src/shared/network.js';
import { currentRequester, onBehalfOf, onOurOwnBehalf } from '../../../src/shared/requester.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { handshake } from '../../support/tls-client.js';
import { until } from '../../support/until.js';
import { ANY_PORT, testAdmission } from './tls-test-listener.js';

const ONE = { name: 'one', text: 'select 1 as one' };
const CHALLENGE = { name: 'challenge', text: 'select 1 from domains where hostname = $1' };
const FLOODERS = ['127.0.10.1', '127.0.11.1', '127.0.12.1', '127.0.13.1'];
const HELLOS_EACH = 25;
const FLOOD = FLOODERS.length * HELLOS_EACH;
const PERSON = '127.0.20.1';
const LOOP = 'a loop';
/** One connection: statements end in the order in which they began, however busy the machine is. */
const PLACES = 1;

/** Writes down on whose behalf each statement began and ended. */
class WatchedStatements extends Statements {
  begun: string[] = [];
  ended: string[] = [];

  override async run<Row extends object>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const { key } = currentRequester();
    this.begun.push(key);
    try {
      return await super.run<Row>(statement, values);
    } finally {
      this.ended.push(key);
    }
  }
}

let database: TestDatabase;
let onePlace: DataSource;
let statements: WatchedStatements;
let locker: Client;
let customDomains: CustomDomainLookup;
let listener: TlsListener;
let port: number;
const limiter = new LookupLimiter();
let names = 0;

const aName = (): string => {
  names += 1;
  return `unknown-${names}.example.com`;
};
/** A ClientHello for a name that nobody has: it is refused after a query. */
const hello = (localAddress: string, ALPNProtocols = ['h2']): Promise<unknown> =>
  handshake(port, { servername: aName(), localAddress, ALPNProtocols }).catch(() => null);
const lock = () => locker.query('begin; lock table domains in access exclusive mode');

beforeAll(async () => {
  database = await openTestDatabase();
  onePlace = await new DataSource({
    ...dataSourceOptions(database.url),
    poolSize: PLACES,
  }).initialize();
  statements = new WatchedStatements(onePlace);
  locker = new Client({ connectionString: database.url });
  await locker.connect();
  const directory = new DomainDirectory(statements, { on: () => {} } as unknown as ChangeFeed);
  const cell = {
    names: {
      findDomain: (hostname: Hostname) => directory.find(hostname),
      isKnown: (hostname: Hostname) => directory.isKnown(hostname),
      tlsAlpnContext: async (hostname: Hostname) => {
        await statements.run(CHALLENGE, [hostname]);
        return null;
      },
    },
  } as unknown as Cell;
  customDomains = new CustomDomainLookup(() => [cell], limiter);
  const hosts = { cells: [cell], isOwn: () => false, ownCell: () => null };
  const contexts = new SniContexts({ ownContexts: () => null, hosts, customDomains, limiter });
  const journal = new EdgeJournal(
    createLogger({ destination: { write: () => {} } }),
    new Registry(),
  );
  listener = new TlsListener(contexts, {
    journal,
    admission: testAdmission(journal),
    publicPort: 443,
  });
  ({ port } = await listener.listen(ANY_PORT));
});
beforeEach(() => {
  statements.begun = [];
  statements.ended = [];
});
afterEach(() => locker.query('rollback'));
afterAll(async () => {
  const drained = listener.drain();
  listener.destroyAll();
  await drained;
  await locker.end();
  await onePlace.destroy();
  await database.close();
});

describe('a flood of ClientHellos for unknown names', () => {
  it('waits as its clients, and neither a loop nor a person waits for the whole of it', async () => {
    await lock();
    const flood = FLOODERS.flatMap((address) =>
      Array.from({ length: HELLOS_EACH }, () => hello(address)),
    );
    await until('the flood is in line', () => statements.begun.length === FLOOD);
    const ours = Array.from({ length: 5 }, () =>
      onOurOwnBehalf(LOOP, () => statements.run(ONE, [])),
    );
    const person = hello(PERSON);
    await until('a person is in line', () => statements.begun.length === FLOOD + 6);
    await locker.query('rollback');
    await Promise.all([...flood, ...ours, person]);

    const networks = [...FLOODERS, PERSON].map((address) => `${address}/32`);
    expect(new Set(statements.ended)).toEqual(new Set([...networks, LOOP]));
    // Those inside end first; then clients and loops take turns, and among the clients the networks do.
    const turns = 2 * networks.length;
    expect(statements.ended.lastIndexOf(LOOP)).toBeLessThan(PLACES + turns);
    expect(statements.ended.indexOf(`${PERSON}/32`)).toBeLessThan(PLACES + turns);
  });

  it('of challenges waits as its clients too', async () => {
    await hello('127.0.30.1', ['acme-tls/1']);
    expect(statements.begun).toEqual(['127.0.30.1/32']);
  });
});

describe('a flood of requests for unknown hosts', () => {
  it('waits as its clients', async () => {
    const hosts = { isOwn: () => false, find: () => ({ kind: 'unknown' }) } as unknown as HostTable;
    const dispatcher = new RequestDispatcher(
      { publicHttpsPort: 443, trustedProxies: new NetworkList([]) },
      {
        hosts,
        destinations: new DestinationLookup(hosts, customDomains),
        wellKnown: new WellKnown(() => [], limiter),
      },
      { record: () => {} } as unknown as RequestJournal,
    );
    const server = createServer(
      (request, response) => void dispatcher.handlePlain(request, response),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port: httpPort } = server.address() as AddressInfo;
    const asked = { host: '127.0.0.1', port: httpPort, localAddress: '127.0.31.1', agent: false };
    await new Promise<void>((resolve, reject) => {
      get({ ...asked, headers: { host: aName() } }, (response) =>
        response.resume().once('end', resolve),
      ).on('error', reject);
    });
    expect(statements.begun).toEqual(['127.0.31.1/32']);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a backlog of our own work', () => {
  it('never takes the last connections from the clients', async () => {
    const several = new WatchedStatements(database.dataSource);
    await lock();
    const backlog = Promise.allSettled(
      Array.from({ length: 100 }, (_, at) =>
        onOurOwnBehalf(LOOP, () => several.run(CHALLENGE, [`name-${at}.example.com`])),
      ),
    );
    const rows = await onBehalfOf('a person', () => several.run(ONE, []));
    expect(rows).toEqual([{ one: 1 }]);
    expect(several.ended).toEqual(['a person']);
    await locker.query('rollback');
    await backlog;
  });
});
