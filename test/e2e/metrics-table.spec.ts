import { readFileSync } from 'node:fs';
import { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';

/** Each metric of the table in docs/operations.md, with its labels in the order of the alphabet. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const section = text.split('### Metrics\n')[1]?.split('\n#')[0] ?? '';
  const rows = section.matchAll(/^\| `(gateway_\w+)(?:\{([\w,]+)\})?`/gm);
  return new Map(
    [...rows].map(([, name = '', labels = '']) => [name, labels.split(',').toSorted()]),
  );
}

interface Scrape {
  readonly names: readonly string[];
  /** The labels of each series, by metric. */
  readonly series: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

function read(text: string): Scrape {
  const names = [...text.matchAll(/^# TYPE (gateway_\w+) /gm)].map(([, name = '']) => name);
  const series = new Map<string, string[]>();
  for (const [, full = '', pairs = ''] of text.matchAll(/^(gateway_\w+)(?:\{([^}]*)\})? /gm)) {
    const name = names.includes(full) ? full : full.replace(/_(bucket|sum|count)$/, '');
    const labels = [...pairs.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    const known = series.get(name) ?? [];
    series.set(name, [
      ...known,
      labels
        .filter((label) => label !== 'le')
        .toSorted()
        .join(),
    ]);
  }
  return { names, series, text };
}

describe('the metrics', () => {
  let gateway: GatewayProcess;
  let scrape: Scrape;
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    await gateway.call('eu', { path: '/api/v1/status' });
    await gateway.call('eu', { path: '/api/v1/status', headers: { host: 'unknown.example' } });
    scrape = await until('the requests are counted', async () => {
      const found = read(await (await gateway.ops('/metrics')).text());
      return /route="edge"/.test(found.text) && /route="\/api\/v1\/status"/.test(found.text)
        ? found
        : null;
    });
  });
  afterAll(() => gateway?.stop());

  it('are those of the table in docs/operations.md', () => {
    expect([...scrape.names].toSorted()).toEqual([...documented().keys()].toSorted());
  });

  it('have the labels of the table', () => {
    const table = documented();
    const faults = [...scrape.series].flatMap(([name, labels]) => {
      const expected = table.get(name)?.join();
      return [...new Set(labels)]
        .filter((found) => found !== expected)
        .map((found) => [name, found]);
    });
    expect(faults).toEqual([]);
    expect(scrape.series.size).toBeGreaterThan(12);
  });

  it('say which program runs', () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(scrape.text).toContain(
      `gateway_build_info{version="${version}",node_version="${process.version}"} 1`,
    );
  });

  it('say how each region’s pool is used', () => {
    for (const region of ['us', 'eu']) {
      const of = (part: string): number =>
        Number(
          new RegExp(`^gateway_database_pool_${part}\\{region="${region}"\\} (\\d+)$`, 'm').exec(
            scrape.text,
          )?.[1],
        );
      expect(of('limit')).toBe(10);
      expect(of('size')).toBeGreaterThan(0);
      expect(of('size')).toBeLessThanOrEqual(10);
      expect(of('idle')).toBeLessThanOrEqual(of('size'));
      expect([of('waiting'), of('line')]).toEqual([0, 0]);
    }
  });
});
