import { Registry } from 'prom-client';
import type { Issuers } from '../../../src/certificates/issuers/issuer.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { NameBlocks } from '../../../src/domains/claims/name-blocks.js';
import { DomainMetrics } from '../../../src/region/domain-metrics.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anAccount, aVerified, certify, openRoom } from '../domains/support.js';

describe(DomainMetrics.name, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  /** The count of a process that has just started: it has no number from before. */
  async function serving(): Promise<string | undefined> {
    const registry = new Registry();
    const config = { rootKeys: [{ version: 1 }] } as unknown as CellConfig;
    const issuers = { list: [] } as unknown as Issuers;
    expect(new DomainMetrics(registry, database.statements, issuers, config)).toBeDefined();
    return /^gateway_domains_serving (\d+)$/m.exec(await registry.metrics())?.[1];
  }

  it('counts no name that is blocked, and none of an account that is being removed', async () => {
    const room = openRoom(database);
    const [ann, bob] = [await anAccount(database), await anAccount(database)];
    const blocked = await aVerified(room, ann);
    for (const domain of [blocked, await aVerified(room, ann), await aVerified(room, bob)])
      await certify(database, domain.hostname);
    expect(await serving()).toBe('3');

    const blocks = new NameBlocks(database.dataSource);
    await blocks.block(blocked.hostname, 'a copy of a bank');
    expect(await serving()).toBe('2');
    await blocks.unblock(blocked.hostname);
    expect(await serving()).toBe('3');

    await new ClosingStore(database.dataSource).begin(bob.id, COMMAND_LINE);
    expect(await serving()).toBe('2');
  });
});
