import { Registry } from 'prom-client';
import type { CellConfig } from '../../../src/config/cell-config.js';
import { CertificateMetrics } from '../../../src/region/certificate-metrics.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe(CertificateMetrics.name, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await database.dataSource.query(`
      insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after,
        superseded_at)
      select 'n' || n || '.test', 1, 'local', 'chain', '\\x00', key_version, 'x', now() - interval '90 days',
        now() + ends, superseded_at
      from (values
        (1, 1, interval '-1 hour', null::timestamptz), (2, 1, '12 hours', null), (3, 2, '3 days', null),
        (4, 3, '10 days', null), (5, 3, '20 days', null), (6, 3, '60 days', null), (7, 9, '1 hour', now())
      ) as entry (n, key_version, ends, superseded_at)`);
  });
  afterAll(() => database.close());

  const scrape = async (versions: readonly number[]): Promise<string> => {
    const registry = new Registry();
    const rootKeys = versions.map((version) => ({ version }));
    const config = { rootKeys } as unknown as CellConfig;
    expect(new CertificateMetrics(registry, database.statements, config)).toBeDefined();
    return registry.metrics();
  };

  it('count the current certificates by what is left of them', async () => {
    const text = await scrape([1, 2, 3]);
    const counts = [...text.matchAll(/expiring\{within="(\w+)"\} (\d+)/g)].map(
      ([, ...pair]) => pair,
    );
    expect(Object.fromEntries(counts)).toEqual({
      expired: '1',
      '1d': '1',
      '7d': '2',
      '14d': '3',
      '30d': '4',
    });
    const earliest = /earliest_expiry_timestamp_seconds (\d+)/.exec(text)?.[1];
    const hours = (Number(earliest) - Date.now() / 1000) / 3600;
    expect(hours).toBeGreaterThan(11);
    expect(hours).toBeLessThan(13);
    expect(text).toMatch(/^gateway_certificates_unreadable 0$/m);
  });

  it('count the certificates whose root key is not configured', async () => {
    expect(await scrape([2])).toMatch(/^gateway_certificates_unreadable 5$/m);
    expect(await scrape([3, 1])).toMatch(/^gateway_certificates_unreadable 1$/m);
  });

  it('say NaN while there is no certificate', async () => {
    const empty = await openTestDatabase();
    const registry = new Registry();
    const config = { rootKeys: [{ version: 1 }] } as unknown as CellConfig;
    expect(new CertificateMetrics(registry, empty.statements, config)).toBeDefined();
    expect(await registry.metrics()).toMatch(/earliest_expiry_timestamp_seconds Nan$/im);
    await empty.close();
  });
});
