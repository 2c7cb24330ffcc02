import { ChangeFeed } from '../../../src/database/change-feed.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { Statements } from '../../../src/database/statements.js';
import { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { anAccount, aVerified, certify, openRoom } from './support.js';

/** The part of another process that decides whether a name serves, with the intervals of production. */
class Replica {
  readonly directory: DomainDirectory;

  private constructor(
    private readonly dataSource: Awaited<ReturnType<typeof connectDatabase>>,
    readonly feed: ChangeFeed,
  ) {
    this.directory = new DomainDirectory(new Statements(dataSource), feed);
  }

  static async start({ url }: TestDatabase, options: { listens: boolean }): Promise<Replica> {
    const dataSource = await connectDatabase(url);
    const feed = new ChangeFeed(dataSource, new Statements(dataSource), options);
    const replica = new Replica(dataSource, feed);
    const heard = new Promise<void>((resolve) => feed.on(() => resolve()));
    feed.onModuleInit();
    // The first report says that LISTEN has begun.
    if (options.listens) await heard;
    return replica;
  }

  async serves(hostname: Hostname): Promise<boolean> {
    return (await this.directory.find(hostname)) !== null;
  }

  async stop(): Promise<void> {
    await this.feed.onModuleDestroy();
    await this.dataSource.destroy();
  }
}

describe('another process of the region', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it.each([
    ['two seconds by a notification', { listens: true }, 2000],
    ['thirty seconds without one', { listens: false }, 30_000],
  ])(
    'serves a new certificate and stops serving a removed domain within %s',
    async (...row) => {
      const [, options, withinMs] = row;
      const room = openRoom(database);
      const account = await anAccount(database);
      const replica = await Replica.start(database, options);
      try {
        const domain = await aVerified(room, account);
        // Now it has both answers in memory, one after the other.
        expect(await replica.serves(domain.hostname)).toBe(false);
        await certify(database, domain.hostname);
        await untilWithin(withinMs, () => replica.serves(domain.hostname));

        await room.domains.remove(account.id, domain.extid);
        await untilWithin(withinMs, async () => !(await replica.serves(domain.hostname)));
      } finally {
        await replica.stop();
      }
    },
    90_000,
  );
});

async function untilWithin(ms: number, condition: () => Promise<boolean>): Promise<void> {
  const begin = performance.now();
  await until('the change', condition, ms + 30_000);
  expect(performance.now() - begin).toBeLessThan(ms);
}
