import { PUBLIC_CA_LIMITS } from '../../../src/config/acme-limits.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { openIssuanceRoom, type IssuanceRoom } from './issuance-room.js';

describe('the headroom of the limits of a CA', () => {
  let database: TestDatabase;
  let room: IssuanceRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
    const rest = { email: null, caFile: null, eab: null, profile: null };
    const ca = { directoryUrl: 'https://127.0.0.1:9/directory', limits: PUBLIC_CA_LIMITS, ...rest };
    const free = { ...ca, name: 'free', limits: {} };
    const cas = [{ ...ca, name: 'first' }, { ...ca, name: 'second' }, free];
    room = openIssuanceRoom({ database, cas, answers: new Map() });
    await database.dataSource.query(`
      insert into ca_ledger (ca, kind, hostname, registrable_domain, is_renewal, at)
      select ca, kind, hostname, domain, is_renewal, now() - age from generate_series(1, 40) n, (values
        ('first', 'order', 'a.x.test', 'x.test', false, interval '1 hour', 40),
        ('first', 'order', 'a.x.test', 'x.test', false, '4 hours', 40),
        ('first', 'order', 'a.x.test', 'x.test', true, '1 hour', 40),
        ('first', 'certificate', 'a.x.test', 'x.test', false, '1 day', 2),
        ('first', 'certificate', 'b.x.test', 'x.test', false, '2 days', 1),
        ('first', 'certificate', 'b.x.test', 'x.test', true, '3 days', 1),
        ('first', 'certificate', 'short.y.test', 'y.test', true, '1 day', 20),
        ('second', 'certificate', 'a.x.test', 'x.test', false, '8 days', 9),
        ('second', 'failed_authorization', 'a.x.test', 'x.test', false, '10 minutes', 3),
        ('second', 'failed_authorization', 'b.x.test', 'x.test', false, '70 minutes', 4)
      ) as entry (ca, kind, hostname, domain, is_renewal, age, count) where n <= count`);
    // A lifetime of one day: 22 certificates a week.
    await database.dataSource.query(`
      insert into issuances (hostname, registrable_domain, state, not_after, urgent_at)
      values ('short.y.test', 'y.test', 'active', now() + interval '1 day', now() + interval '20 hours')`);
  });
  afterAll(async () => {
    await room.close();
    await database.close();
  });

  it('is what the account, or the domain or name with the least left, may still use', async () => {
    const text = await room.metrics.getSingleMetricAsString('gateway_ca_limit_left');
    const left = Object.fromEntries(
      text
        .split('\n')
        .filter((line) => line.startsWith('gateway_'))
        .map((line) => /ca="(\w+)",limit="(\w+)"} (\d+)/.exec(line) ?? [])
        .map(([, ca, limit, count]) => [`${ca} ${limit}`, Number(count)]),
    );
    expect(left).toEqual({
      'first orders': 240,
      'first domain': 42,
      'first name': 1,
      'first failures': 4,
      'second orders': 280,
      'second domain': 45,
      'second name': 1,
      'second failures': 1,
    });
  });
});
