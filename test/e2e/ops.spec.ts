import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';
import { rawExchange } from '../support/raw-exchange.js';

let gateway: GatewayProcess;
// A first start: the doctor finds fault with a database whose fsync is off, as that of the others is.
const dataDir = mkdtempSync(join(tmpdir(), 'gateway-ops-'));
beforeAll(async () => {
  const environment = { NODE_OPTIONS: '--import=./test/support/print-telemetry.js' };
  gateway = await GatewayProcess.start({ environment, dataDir });
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the ops listener', () => {
  it('answers /livez with ok and /readyz with the state of each cell', async () => {
    const live = await gateway.ops('/livez');
    expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await gateway.ops('/readyz?verbose');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: 'ready',
        cells: [
          { region: 'us', state: 'serving' },
          { region: 'eu', state: 'serving' },
        ],
      },
    ]);
  });

  it('answers 404 to other paths and 405 to other methods', async () => {
    expect((await gateway.ops('/api/v1/status')).status).toBe(404);
    const url = `http://127.0.0.1:${gateway.ports.ops}/livez`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  it.each(['/livez', '/readyz', '/metrics'])(
    'is not reachable on a tenant’s host: %s',
    async (path) => {
      for (const region of ['eu', ''])
        expect((await gateway.call(region, { path })).status).toBe(404);
    },
  );
});

describe('traces', () => {
  // tracing.spec.ts: with an endpoint the same hook names them.
  it('are off by default: no SDK and no exporter of OpenTelemetry is loaded', async () => {
    expect(
      (await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'x' } })).status,
    ).toBe(200);
    expect(gateway.logs).toContain('"msg":');
    expect(gateway.logs).not.toContain('@opentelemetry');
  });
});

describe('gateway doctor', () => {
  it('finds nothing bad around a gateway that runs, its own ports included', async () => {
    const { code, stdout, stderr } = await gateway.command('doctor', '--region', 'eu');
    expect(stderr + stdout).toMatch(/^good +configuration/);
    expect(stdout).toMatch(/^good +eu ports +port \d+ of 127\.0\.0\.1 is this region's gateway$/m);
    expect(stdout).toMatch(/^good +eu ports +port \d+ .* has a trusted certificate for eu\./m);
    expect(stdout).toMatch(/^good +eu root keys +current version 1, configured 1$/m);
    expect(stdout).toMatch(/\n\d+ good, \d+ to note, 0 bad\n$/);
    expect(code).toBe(0);
  });
});

describe('the metrics', () => {
  const metrics = async (): Promise<string> => (await gateway.ops('/metrics')).text();
  const key = (): string => Math.random().toString(36).slice(2).padEnd(31, 'x').slice(0, 31);

  it('count requests by region, route template and status, and measure their duration', async () => {
    await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key()}` });
    await gateway.call('us', { path: '/api/v1/status' });
    const opened = { region: 'eu', route: '/api/v1/secret/:key', status: '404' };
    const status = { region: 'us', route: '/api/v1/status', status: '200' };
    const text = await until('both are counted', async () => {
      const page = await metrics();
      return counted(page, opened) > 0 && counted(page, status) > 0 ? page : null;
    });
    expect([counted(text, opened), counted(text, status)]).toEqual([1, 1]);
    expect(text).toMatch(
      /^gateway_http_request_duration_seconds_bucket\{[^}]*region="eu"[^}]*\} \d/m,
    );
    expect(text).toMatch(/^process_resident_memory_bytes/m);
  });

  it('get no new series from random paths, keys, methods, hosts or credentials', async () => {
    const sendNoise = async (): Promise<void> => {
      const noise = key();
      const auth = `${noise}@example.com:${'0'.repeat(40)}`;
      for (const path of [`/${noise}`, `/api/${noise}`, `/secret/${noise}`, `/receipt/${noise}`]) {
        await gateway.call('eu', { path });
      }
      await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${noise}?${noise}` });
      await gateway.call('eu', { path: `/api/v1/private/${noise}` });
      await gateway.call('eu', { path: '/api/v1/status', auth });
      for (const method of ['PROPFIND', 'MKCOL', 'LOCK', 'TRACE']) {
        await gateway.call('eu', { method, path: '/api/v1/status' });
      }
      const host = `Host: ${noise}.example`;
      const target = gateway.target('eu.onetime.localhost');
      await rawExchange(target, `GET /${noise} HTTP/1.1\r\n${host}\r\n\r\n`);
    };
    const series = (text: string): string[] =>
      text.split('\n').flatMap((line) => /^(gateway_http_[^ ]+) /.exec(line)?.[1] ?? []);
    const total = (text: string): number => counted(text, {});

    const begun = total(await metrics());
    await sendNoise();
    const before = await until('the first round is counted', async () => {
      const text = await metrics();
      return total(text) >= begun + 12 ? text : null;
    });
    await sendNoise();
    await sendNoise();
    const after = await until('the other rounds are counted', async () => {
      const text = await metrics();
      return total(text) >= total(before) + 24 ? text : null;
    });
    expect(series(after).toSorted()).toEqual(series(before).toSorted());
    expect(after).not.toMatch(/PROPFIND|MKCOL/);
  });
});

describe('a process without a free descriptor', () => {
  const limit = (...words: string[]): string =>
    execFileSync('prlimit', [`--pid=${gateway.child.pid}`, ...words], { encoding: 'utf8' }).trim();

  it('goes on, and says so to whoever is connected', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const left = async (): Promise<number> => {
      const { ops } = gateway.ports;
      const [answer] = (await once(get({ port: ops, path: '/metrics', agent }), 'response')) as [
        IncomingMessage,
      ];
      return Number(/^gateway_descriptors_left (\d+)$/m.exec(await textOf(answer))?.[1]);
    };
    expect(await left()).toBeGreaterThan(0);
    const hard = limit('--nofile', '--noheadings', '--raw', '--output=HARD');
    // The soft limit, below what is open.
    limit('--nofile=8:');
    try {
      expect(await left()).toBe(0);
    } finally {
      limit(`--nofile=${hard}:`);
      agent.destroy();
    }
    await until('it serves', () =>
      gateway.call('eu', { path: '/api/v1/status' }).catch(() => null),
    );
  });
});

describe('the log', () => {
  it('is one line of JSON for each request, with its route template and without its path', async () => {
    const headers = { 'x-request-id': 'the-one-to-find' };
    const path = `/api/v1/secret/${'k'.repeat(31)}?passphrase=in-the-query`;
    await gateway.call('eu', { method: 'POST', path, headers });
    const line = await until('the request is logged', () =>
      gateway.lines.find((text) => text.includes('the-one-to-find')),
    );
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      region: 'eu',
      requestId: 'the-one-to-find',
      method: 'POST',
      route: '/api/v1/secret/:key',
      status: 404,
      durationMs: expect.any(Number),
      network: '127.0.0.0/24',
      msg: 'request',
    });
    for (const text of gateway.lines) {
      expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
    expect(gateway.logs).not.toMatch(/kkkk|in-the-query|127\.0\.0\.1/);
  });
});

/** The sum of the request counts that have these labels. */
function counted(text: string, labels: Record<string, string>): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith('gateway_http_requests_total{'))
    .filter((line) =>
      Object.entries(labels).every(([name, value]) => line.includes(`${name}="${value}"`)),
    )
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
