import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { createLogger } from '../shared/logger.js';
import { RequestJournal, type RequestRecord } from './request-journal.js';

const RECORD: RequestRecord = {
  requestId: 'an-id',
  method: 'GET',
  route: '/secret/:key',
  status: 200,
  durationMs: 1.23456,
  network: '203.0.113.0/24',
};

function open(level: 'info' | 'warn' = 'info') {
  const lines: string[] = [];
  const registry = new Registry();
  registry.setDefaultLabels({ region: 'eu' });
  const logger = createLogger({ destination: { write: (line) => lines.push(line) }, level });
  const child = logger.child({ region: 'eu' });
  return { lines, registry, logger: child, journal: new RequestJournal(child, registry) };
}

describe(RequestJournal, () => {
  it('writes the line that the logger itself would write', () => {
    const { lines, logger, journal } = open();
    for (const requestId of ['an-id', 'a"quote\\', 'ünï', ''])
      for (const durationMs of [0, 0.004, 1.23456, 12_345.678]) {
        journal.record({ ...RECORD, requestId, durationMs });
        const { method, route, status, network } = RECORD;
        const rounded = Math.round(durationMs * 100) / 100;
        logger.info({ requestId, method, route, status, durationMs: rounded, network }, 'request');
      }
    const untimed = lines.map((line) => line.replace(/"time":"[^"]+"/, ''));
    for (let index = 0; index < untimed.length; index += 2)
      expect(untimed[index]).toBe(untimed[index + 1]);
    expect(lines).toHaveLength(32);
  });

  it('writes no line below the level of the log, and counts nevertheless', async () => {
    const { lines, registry, journal } = open('warn');
    journal.record(RECORD);
    expect(lines).toEqual([]);
    expect(await registry.metrics()).toContain(
      'gateway_http_requests_total{method="GET",route="/secret/:key",status="200",region="eu"} 1',
    );
  });

  it('has the durations of prom-client’s own histogram', async () => {
    const { registry, journal } = open();
    const other = new Registry();
    other.setDefaultLabels({ region: 'eu' });
    const histogram = new Histogram({
      name: 'gateway_http_request_duration_seconds',
      help: 'Time from the request line to the last byte written to the socket',
      labelNames: ['route'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [other],
    });
    for (const route of ['/a', '/b'])
      for (const durationMs of [0, 1, 1.5, 2.5, 30, 9999, 10_000, 60_000]) {
        journal.record({ ...RECORD, route, durationMs });
        histogram.observe({ route }, durationMs / 1000);
      }
    const expected = await other.metrics();
    const name = 'gateway_http_request_duration_seconds';
    expect(linesOf(await registry.getSingleMetricAsString(name))).toEqual(linesOf(expected));
    // As the operator's listener merges the registries of the cells.
    const aggregate = async (each: Registry): Promise<string> =>
      AggregatorRegistry.aggregate([await each.getMetricsAsJSON()]).getSingleMetricAsString(name);
    expect(linesOf(await aggregate(registry))).toEqual(linesOf(await aggregate(other)));
  });

  it('counts by method, route and status, methods that nobody knows as one', async () => {
    const { registry, journal } = open();
    for (const method of ['GET', 'GET', 'POST', 'BREW', 'ZAP'])
      journal.record({ ...RECORD, method });
    journal.record({ ...RECORD, status: 404 });
    const name = 'gateway_http_requests_total';
    await registry.getSingleMetricAsString(name);
    journal.record(RECORD);
    const text = await registry.getSingleMetricAsString(name);
    const counts = [...text.matchAll(/method="(\w+)".*status="(\d+)".* (\d+)$/gm)];
    expect(counts.map(([, ...parts]) => parts.join(' ')).toSorted()).toEqual([
      'GET 200 3',
      'GET 404 1',
      'OTHER 200 2',
      'POST 200 1',
    ]);
  });
});

/** The order of labels and lines means nothing. */
function linesOf(text: string): string[] {
  const sorted = (labels: string): string => labels.split(',').toSorted().join();
  return text
    .trim()
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${sorted(labels)}}`))
    .toSorted();
}
