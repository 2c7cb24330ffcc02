import { randomBytes } from 'node:crypto';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { CuttableDatabase } from '../support/cuttable-database.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer, Call } from '../support/https-client.js';
import { temporaryServer } from '../support/temporary-server.js';
import { until } from '../support/until.js';

const files = temporaryServer({ regions: ['us', 'eu'] });
let server: EmbeddedPostgres;
let us: CuttableDatabase;
let eu: CuttableDatabase;
let gateway: GatewayProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  server = await files.start();
  us = await CuttableDatabase.before(server.urlOf('us'));
  eu = await CuttableDatabase.before(server.urlOf('eu'));
  environment = {
    GATEWAY_DATABASE_URL_US: us.url,
    GATEWAY_DATABASE_URL_EU: eu.url,
    GATEWAY_ROOT_KEY_US: randomBytes(32).toString('base64'),
    GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
  };
  gateway = await GatewayProcess.start({ environment, dataDir: files.dataDir });
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([us.cut(), eu.cut()]);
  await server.stop();
  files.remove();
});

const bare = (request: Call): Promise<Answer> => gateway.call('', request);
const share = (): Promise<Answer> => bare({ path: '/api/v1/share', body: { secret: 'a message' } });
const host = (region: string): string => `${region}.onetime.localhost:${gateway.ports.https}`;

/** Waits until `/readyz` reports this state of a region, and returns that answer. */
async function stateOf(region: string, state: string): Promise<Response> {
  return until(`${region} is ${state}`, async () => {
    const answer = await gateway.ops('/readyz');
    const { cells } = (await answer.clone().json()) as { cells: Record<string, string>[] };
    return cells.some((cell) => cell['region'] === region && cell['state'] === state) && answer;
  });
}

function expectDeprecated(answer: Answer, region: string): void {
  // RFC 9745: a Date of RFC 9651.
  expect(answer.headers['deprecation']).toMatch(/^@\d{10}$/);
  expect(answer.headers['link']).toBe(`<https://${host(region)}/api>; rel="successor-version"`);
}

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.json()).toEqual({ message: expect.any(String) });
  expect(answer.text).not.toContain('Unknown secret');
}

describe('the base domain itself', () => {
  it('is answered by the default region, with headers that name its host', async () => {
    for (const path of ['/api/v1/status', '/api/nope', '/', '/secret/none']) {
      expectDeprecated(await bare({ path }), 'us');
    }
    const direct = await gateway.call('us', { path: '/api/v1/status' });
    expect(direct.headers['deprecation']).toBeUndefined();
    expect(direct.headers['link']).toBeUndefined();
  });

  it("makes links with the region's host, which open there", async () => {
    const made = (await share()).json<Record<string, string>>();
    expect(new URL(made['metadata_url'] ?? '').host).toBe(host('us'));
    const form = { secret: 'by a page', kind: 'share' };
    const headers = { 'sec-fetch-site': 'same-origin' };
    const page = await bare({ path: '/', body: form, headers });
    expect(page.text).toContain(`https://${host('us')}/secret/`);
    expect(page.text).not.toContain(`//onetime.localhost`);
    const path = `/api/v1/secret/${made['secret_key']}`;
    expect((await gateway.call('us', { method: 'POST', path })).status).toBe(200);
  });
});

describe("while the default region's database is unreachable", () => {
  let key: string;
  let receipt: string;
  let auth: string;

  beforeAll(async () => {
    ({ auth } = await gateway.account('us', 'away@example.com'));
    const made = (await share()).json<{ secret_key: string; metadata_key: string }>();
    [key, receipt] = [made.secret_key, made.metadata_key];
    await us.cut();
    await stateOf('us', 'database unreachable');
  });

  it('the process stays ready and reports the state of each cell', async () => {
    const answer = await gateway.ops('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        status: 'ready',
        cells: [
          { region: 'us', state: 'database unreachable' },
          { region: 'eu', state: 'serving' },
        ],
      },
    ]);
  });

  it('status and anonymous creates move to the next region, with links of that region', async () => {
    const status = await bare({ path: '/api/v1/status' });
    expect(status.status).toBe(200);
    expectDeprecated(status, 'eu');
    for (const path of ['/api/v1/share', '/api/v1/create', '/api/v1/generate?x=y']) {
      const answer = await bare({ path, body: { secret: 'moved' } });
      expectDeprecated(answer, 'eu');
      const made = answer.json<Record<string, string>>();
      expect(new URL(made['metadata_url'] ?? '').host).toBe(host('eu'));
      const revealed = { method: 'POST', path: `/api/v1/secret/${made['secret_key']}` };
      expect((await gateway.call('eu', revealed)).status).toBe(200);
    }
  });

  it('routes with a key answer 503, never "unknown"', async () => {
    const missing = 'k'.repeat(31);
    const requests: Call[] = [key, missing, 'short'].flatMap((text) => [
      { method: 'POST', path: `/api/v1/secret/${text}` },
      { method: 'POST', path: `/api/v1/secret/${text}`, body: { passphrase: 'guess' } },
    ]);
    for (const text of [receipt, missing]) {
      requests.push({ path: `/api/v1/private/${text}` });
      requests.push({ method: 'POST', path: `/api/v1/metadata/${text}` });
      requests.push({ method: 'POST', path: `/api/v1/receipt/${text}/burn` });
    }
    for (const request of requests) {
      expectUnavailable(await bare(request));
      expectUnavailable(await gateway.call('us', request));
    }
  });

  it('pages with a key answer 503 in HTML', async () => {
    for (const path of [`/secret/${key}`, `/receipt/${receipt}`, `/private/${receipt}`]) {
      const answer = await bare({ path });
      expect([answer.status, answer.headers['content-type']]).toEqual([
        503,
        'text/html; charset=utf-8',
      ]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('requests with credentials answer 503: no other region verifies them', async () => {
    const body = { secret: 'a message' };
    for (const request of [
      { path: '/api/v1/status', auth },
      { path: '/api/v1/authcheck', auth },
      { path: '/api/v1/share', body, auth },
      { path: '/api/v1/generate', body, auth },
      { path: '/api/v1/private/recent', auth },
    ]) {
      expectUnavailable(await bare(request));
    }
  });

  it('the host of the region itself does not move', async () => {
    expectUnavailable(await gateway.call('us', { path: '/api/v1/share', body: { secret: 'x' } }));
    expect((await gateway.call('us', { path: '/api/v1/status' })).status).toBe(200);
    expect(
      (await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'x' } })).status,
    ).toBe(200);
  });

  it('and the default region answers again when its database does', async () => {
    await us.restore();
    await stateOf('us', 'serving');
    expectDeprecated(await share(), 'us');
    expect((await bare({ path: '/api/v1/authcheck', auth })).status).toBe(200);
    const revealed = await bare({ method: 'POST', path: `/api/v1/secret/${key}` });
    expect(revealed.json()['value']).toBe('a message');
  });
});

describe('the log of two cells in one process', () => {
  it('names the cell that wrote each line, whichever started last', async () => {
    for (const [region, database] of [
      ['us', us],
      ['eu', eu],
    ] as const) {
      const before = gateway.logs.length;
      const linesOfRooms = (): Record<string, unknown>[] =>
        gateway.logs
          .slice(before)
          .split('\n')
          .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as object] : []))
          .map((line) => line as Record<string, unknown>)
          .filter(({ context }) => context !== undefined);
      await database.cut();
      await stateOf(region, 'database unreachable');
      const create = { path: '/api/v1/share', body: { secret: 'x' } };
      expectUnavailable(await gateway.call(region, create));
      // Of the health, of a request, and of a background loop.
      await until(`the rooms of ${region} have logged`, () => {
        // Late lines of the other region may come between them.
        const own = linesOfRooms().filter((line) => line['region'] === region);
        const contexts = own.map(({ context }) => context);
        return ['DatabaseHealth', 'ErrorFilter', 'IssuanceJob'].every((each) =>
          contexts.includes(each),
        );
      });
      await database.restore();
      await stateOf(region, 'serving');
      await until(`${region} has calmed down`, () =>
        linesOfRooms().some(({ msg }) => msg === 'database can be written'),
      );
    }
  });
});

describe('a start while a database is unreachable', () => {
  it('serves the other region at once, and this region as soon as its database answers', async () => {
    await gateway.end();
    await us.cut();
    gateway = await GatewayProcess.spawn({ environment, dataDir: files.dataDir });
    await gateway.ready('one region');
    expect(
      (await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'x' } })).status,
    ).toBe(200);
    expectUnavailable(await gateway.call('us', { path: '/api/v1/share', body: { secret: 'x' } }));
    const moved = await share();
    expect(moved.status).toBe(200);
    expectDeprecated(moved, 'eu');
    expectUnavailable(await bare({ method: 'POST', path: `/api/v1/secret/${'k'.repeat(31)}` }));

    await us.restore();
    await stateOf('us', 'serving');
    expectDeprecated(await share(), 'us');
  });

  it('is not ready while no database answers, and is ready as soon as they do', async () => {
    await gateway.end();
    await Promise.all([us.cut(), eu.cut()]);
    gateway = await GatewayProcess.spawn({ environment, dataDir: files.dataDir });
    const answer = await until('the ops listener answers', () =>
      gateway.ops('/readyz').catch(() => null),
    );
    expect(answer.status).toBe(503);
    expect((await gateway.ops('/livez')).status).toBe(200);
    await Promise.all([us.restore(), eu.restore()]);
    await gateway.ready();
    expect((await share()).status).toBe(200);
  });
});
