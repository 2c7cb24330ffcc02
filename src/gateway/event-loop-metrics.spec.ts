import { setImmediate as turn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { collectNodeMetrics } from './event-loop-metrics.js';

async function valueOf(registry: Registry, name: string): Promise<number> {
  const text = await registry.metrics();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe(collectNodeMetrics.name, () => {
  const registry = new Registry();
  beforeAll(() => collectNodeMetrics(registry));

  it('says how long the event loop was blocked since the last scrape', async () => {
    await registry.metrics();
    await turn();
    block(150);
    await turn();
    await turn();
    expect(await valueOf(registry, 'nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.14);
    await turn();
    block(150);
    expect(await valueOf(registry, 'nodejs_eventloop_utilization')).toBeGreaterThan(0.5);
  });

  it('has the slowest of several processes, not their average', async () => {
    const metrics = await registry.getMetricsAsJSON();
    const said = metrics.filter(({ name }) => /lag_(?:max|p\d+)_seconds$/.test(name));
    expect(said.map(({ aggregator }) => aggregator)).toEqual(['max', 'max', 'max', 'max']);
  });

  it('has each metric once, and Node’s others', async () => {
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total']),
    );
  });
});
