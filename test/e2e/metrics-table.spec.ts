import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import { GatewayProcess } from '../support/gateway-process.js';
import {
  ALERT_TESTS,
  ALERTS,
  alerts,
  anchorsOf,
  dashboardQueries,
  metricsOf,
} from '../support/monitoring-files.js';
import { describeUnless } from '../support/requires.js';
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

/** Exported where there are several workers: test/e2e/workers.spec.ts. */
const OF_SUPERVISORS = [
  'gateway_workers',
  'gateway_worker_restarts_total',
  'gateway_worker_hangs_total',
];

/** A database and a role, in examples. */
const NO_METRICS = ['gateway_eu', 'gateway_serve'];

/** The metrics that the documents name, each once. */
function namedInDocuments(): string[] {
  const files = readdirSync('docs').filter((file) => file.endsWith('.md'));
  const texts = ['README.md', ...files.map((file) => join('docs', file))].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const names = texts.flatMap(
    (text) => text.match(/\b(?:gateway|nodejs|process)_\w*[a-z](?![\w…])/g) ?? [],
  );
  return [...new Set(names)].filter((name) => !NO_METRICS.includes(name));
}

interface Scrape {
  readonly names: readonly string[];
  /** Node's own metrics too. */
  readonly all: readonly string[];
  /** The labels of each series, by metric. */
  readonly series: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

function read(text: string): Scrape {
  const all = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
  const names = all.filter((name) => name.startsWith('gateway_'));
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
  return { names, all, series, text };
}

describe('the metrics', () => {
  let gateway: GatewayProcess;
  let scrape: Scrape;
  beforeAll(async () => {
    const [nameserver] = await freePorts(1);
    gateway = await GatewayProcess.start({
      environment: {
        GATEWAY_NAMESERVERS_EU: 'ns1.eu.onetime.localhost',
        GATEWAY_NAMESERVER_PORT: String(nameserver),
      },
    });
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

  it('say how each region’s pool is used', async () => {
    for (const region of ['us', 'eu']) {
      const of = (part: string, { text } = scrape): number =>
        Number(
          new RegExp(
            `^gateway_database_pool_${part}\\{pool="main",region="${region}"\\} (\\d+)$`,
            'm',
          ).exec(text)?.[1],
        );
      expect(of('limit')).toBe(10);
      expect(of('size')).toBeGreaterThan(0);
      expect(of('size')).toBeLessThanOrEqual(10);
      expect(of('idle')).toBeLessThanOrEqual(of('size'));
      // At the start the background jobs come all at once, and some wait for their turn.
      await until('nobody waits', async () => {
        const now = read(await (await gateway.ops('/metrics')).text());
        return of('waiting', now) === 0 && of('line', now) === 0;
      });
    }
  });

  it.each([
    ['alerts', () => alerts().map(({ expression }) => expression)],
    ['dashboard', dashboardQueries],
  ])('are those that the %s query, by labels that they have', (_, queriesOf) => {
    const queries = queriesOf();
    expect(queries.length).toBeGreaterThan(20);
    const used = queries.flatMap(metricsOf);
    expect(used.length).toBeGreaterThanOrEqual(queries.length - 1);
    const table = documented();
    const faults = used.flatMap(({ name, labels }) => {
      if (OF_SUPERVISORS.includes(name)) return [];
      if (!scrape.all.includes(name)) return [`no metric ${name}`];
      const known = [...(table.get(name) ?? []), 'job', 'instance', 'le'];
      return labels.filter((label) => !known.includes(label)).map((label) => `${name}{${label}}`);
    });
    expect(faults).toEqual([]);
  });

  it('are those that the documents name', () => {
    const named = namedInDocuments();
    expect(named.length).toBeGreaterThan(50);
    const known = [...scrape.all, ...OF_SUPERVISORS];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('have a series for the state of each region', () => {
    expect(scrape.text).toContain('gateway_region_state{region="eu",state="serving"} 1');
    expect(scrape.text).toContain('gateway_region_state{region="us",state="starting"} 0');
  });
});

describe('the alerts', () => {
  it('each have a runbook in docs/operations.md, under their name', () => {
    const anchors = anchorsOf('docs/operations.md');
    for (const { name, runbook } of alerts()) {
      expect(runbook).toBe(`docs/operations.md#${name.toLowerCase()}`);
      expect(anchors).toContain(name.toLowerCase());
    }
  });

  it('are each tested to fire, and to be silent', () => {
    const tested = readFileSync(ALERT_TESTS, 'utf8');
    for (const { name } of alerts()) {
      expect(tested).toMatch(new RegExp(`alertname: ${name}\\n\\s+exp_alerts:\\n\\s+- exp_labels`));
      expect(tested).toContain(`alertname: ${name}, exp_alerts: []`);
    }
  });
});

const promtool = (...words: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
};
const withoutPromtool =
  promtool('--version').status === 0 ? null : 'promtool of Debian’s prometheus is missing';

describeUnless(withoutPromtool, 'promtool', () => {
  it('accepts the alerts', () => {
    expect(promtool('check', 'rules', ALERTS)).toMatchObject({ status: 0 });
  });

  it('finds that each alert fires for its fault, and only then', () => {
    expect(promtool('test', 'rules', ALERT_TESTS)).toMatchObject({ status: 0 });
  });

  it('accepts the queries of the dashboard', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
    const file = join(folder, 'queries.json');
    // A rule file is YAML, of which JSON is a part.
    const rules = dashboardQueries().map((expr, index) => ({ record: `panel_${index}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(promtool('check', 'rules', file)).toMatchObject({ status: 0 });
    rmSync(folder, { recursive: true });
  });
});
