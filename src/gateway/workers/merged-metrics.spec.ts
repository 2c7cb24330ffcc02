import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client';
import type { MetricValues } from '../ops-answers.js';
import { EndedCounts, toAggregate } from './merged-metrics.js';

interface Values {
  readonly requests: number;
  readonly domains: number;
  readonly bodies: number;
  readonly left: number;
}

/** The registries of one worker: the process and a cell. */
async function worker(values: Values): Promise<MetricValues[]> {
  const [process, cell] = [new Registry(), new Registry()];
  cell.setDefaultLabels({ region: 'eu' });
  const common = (name: string) => ({ name, help: name });
  const count = { ...common('gateway_http_requests_total'), registers: [cell] };
  new Counter(count).inc(values.requests);
  new Gauge({ ...common('gateway_domains_serving'), registers: [cell] }).set(values.domains);
  new Gauge({ ...common('gateway_body_bytes'), registers: [process] }).set(values.bodies);
  new Gauge({ ...common('gateway_ca_limit_left'), registers: [cell] }).set(values.left);
  return Promise.all([process, cell].map((registry) => registry.getMetricsAsJSON()));
}

const textOf = (metrics: readonly MetricValues[]): Promise<string> =>
  AggregatorRegistry.aggregate(toAggregate(metrics)).metrics();

const ONE = { requests: 3, domains: 40, bodies: 100, left: 9 };
const OTHER = { requests: 4, domains: 41, bodies: 11, left: 8 };

describe('the metrics of several workers', () => {
  it('add counts up, and tell once what the database says', async () => {
    const text = await textOf([...(await worker(ONE)), ...(await worker(OTHER))]);
    expect(text).toMatch(/^gateway_http_requests_total\{region="eu"\} 7$/m);
    expect(text).toMatch(/^gateway_domains_serving\{region="eu"\} 41$/m);
    expect(text).toMatch(/^gateway_ca_limit_left\{region="eu"\} 8$/m);
    expect(text).toMatch(/^gateway_body_bytes 111$/m);
  });

  it('keep the counts of workers that have ended, and none of their gauges', async () => {
    const ended = new EndedCounts();
    for (let count = 0; count < 3; count++) ended.add(await worker(ONE));
    const text = await textOf([...ended.values, ...(await worker(OTHER))]);
    expect(text).toMatch(/^gateway_http_requests_total\{region="eu"\} 13$/m);
    expect(text).toMatch(/^gateway_domains_serving\{region="eu"\} 41$/m);
    expect(text).toMatch(/^gateway_body_bytes 11$/m);
  });
});
