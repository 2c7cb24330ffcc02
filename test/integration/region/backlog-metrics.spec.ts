import { Registry } from 'prom-client';
import { BacklogMetrics } from '../../../src/region/backlog-metrics.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe(BacklogMetrics.name, () => {
  let database: TestDatabase;
  beforeAll(async () => (database = await openTestDatabase()));
  afterAll(() => database.close());

  async function scrape(): Promise<Readonly<Record<string, number>>> {
    const registry = new Registry();
    expect(new BacklogMetrics(registry, database.statements)).toBeDefined();
    const text = await registry.metrics();
    const values = text.matchAll(/^gateway_(\w+) (\S+)$/gm);
    return Object.fromEntries([...values].map(([, name = '', value]) => [name, Number(value)]));
  }

  it('is 0 while nothing waits', async () => {
    expect(await scrape()).toEqual({
      issuance_late_seconds: 0,
      domain_check_late_seconds: 0,
      outbox_late_seconds: 0,
      certificates_overdue: 0,
    });
  });

  it('says how long the first of each queue has been due', async () => {
    await database.dataSource.query(`
      insert into issuances (hostname, registrable_domain, state, source, next_at, urgent_at, is_urgent)
      select 'n' || n || '.test', 'test', state, source, now() + due, now() + urgent, is_urgent
      from (values
        (1, 'degraded', 'acme', interval '-1 hour', interval '-2 days', true),
        (2, 'renewing', 'acme', '-2 hours', '-1 day', false),
        (3, 'active', 'acme', '1 day', '3 days', false),
        (4, 'queued', 'acme', '1 hour', null, true),
        (5, 'degraded', 'uploaded', '1 hour', '-1 day', true),
        (6, 'expired', 'acme', '1 hour', '-9 days', true)
      ) as entry (n, state, source, due, urgent, is_urgent)`);
    await database.dataSource.query(`
      insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
        challenge_label, challenge_value, next_check_at, removed_at)
      select 'x' || n, gen_random_uuid(), 'n' || n || '.test', 'x', 'test', false, 'x' || n, 'x', 'x', now() + due, removed
      from (values (1, interval '-10 minutes', null), (2, '1 minute', null), (3, '-1 day', now())) as entry (n, due, removed)`);
    await database.dataSource.query(
      `insert into outbox_readers (reader, position) values ('fast', 2), ('slow', 1)`,
    );
    await database.dataSource.query(`
      insert into outbox (position, account_id, type, subject, at)
      select position, gen_random_uuid(), 'x', '{}', now() - make_interval(mins => minutes)
      from (values (1, 90), (2, 30), (null, 5)) as entry (position, minutes)`);
    const found = await scrape();
    expect(found['certificates_overdue']).toBe(2);
    expect(found['issuance_late_seconds']).toBeGreaterThanOrEqual(7200);
    expect(found['issuance_late_seconds']).toBeLessThan(7500);
    expect(found['domain_check_late_seconds']).toBeGreaterThanOrEqual(600);
    expect(found['domain_check_late_seconds']).toBeLessThan(900);
    expect(found['outbox_late_seconds']).toBeGreaterThanOrEqual(1800);
    expect(found['outbox_late_seconds']).toBeLessThan(2100);
  });

  it('is NaN when the database refuses to say', async () => {
    await database.dataSource.query('drop table outbox_readers');
    expect((await scrape())['outbox_late_seconds']).toBeNaN();
  });
});
