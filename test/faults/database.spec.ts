import { handshake } from '../support/tls-client.js';
import { until } from '../support/until.js';
import { DATABASE_FAULTS } from './database-faults.js';
import { faultRun, say } from './fault-run.js';
import { CUSTOMER_HOST, FaultScene, type TimedAnswer } from './fault-scene.js';

const run = faultRun();
/** How long each fault lasts at least. */
const LASTS_MS = run.isLong ? 60_000 : 0;
const CLIENTS = 40;
/** A statement has 5 s, its line another 5 s, and a machine that is loaded a few more. */
const ANSWER_WITHIN_SECONDS = 25;
const GROWTH_MAX = 150 * 1024 * 1024;
const JSON_BODY = { 'content-type': 'application/json' };

let scene: FaultScene;
beforeAll(async () => {
  scene = await FaultScene.start();
  await scene.setUpDomain();
});
afterAll(() => scene?.stop());

const conceal = (): Promise<TimedAnswer> =>
  scene.ask({
    method: 'POST',
    path: '/api/v2/secret/conceal',
    headers: JSON_BODY,
    body: JSON.stringify({ secret: { secret: 'a message' } }),
  });

function expectUnavailable(answer: TimedAnswer, type: 'application/json' | 'text/html'): void {
  expect([answer.status, answer.headers['content-type']]).toEqual([503, `${type}; charset=utf-8`]);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.seconds).toBeLessThan(ANSWER_WITHIN_SECONDS);
}

describe.each(DATABASE_FAULTS)('a database that $name', (fault) => {
  const value = `kept while it ${fault.name}`;
  let key: string;
  let before: number;
  let beganAt: number;
  beforeAll(async () => {
    key = await scene.newKey(value);
    // Known to the process before.
    await scene.ask({ path: '/api/v1/status' }, CUSTOMER_HOST);
    before = scene.gateway.residentBytes();
    beganAt = performance.now();
    await fault.begin(scene);
  });

  it('is a 503 that says when to try again, as JSON and as a page', async () => {
    const answers = await Promise.all([
      scene.share(),
      conceal(),
      scene.reveal(key),
      scene.ask({
        path: '/',
        headers: { 'sec-fetch-site': 'same-origin' },
        body: { secret: 'x', kind: 'share' },
      }),
    ]);
    say(
      `${fault.name}: answered after ${answers.map(({ seconds }) => seconds.toFixed(1)).join(', ')} s`,
    );
    for (const answer of answers.slice(0, 3)) expectUnavailable(answer, 'application/json');
    for (const answer of answers.slice(3)) expectUnavailable(answer, 'text/html');
  });

  it('does not touch what needs no statement: handshakes, status, style', async () => {
    const { port, ca } = scene.gateway.target(CUSTOMER_HOST);
    for (const host of [CUSTOMER_HOST, 'eu.onetime.localhost']) {
      (await handshake(port, { servername: host, ca })).destroy();
      const status = await scene.ask({ path: '/api/v1/status' }, host);
      expect(status.status).toBe(200);
      expect(status.seconds).toBeLessThan(ANSWER_WITHIN_SECONDS);
    }
    expect((await scene.ask({ path: '/style.css' })).status).toBe(200);
  });

  it('is reported to the operator', async () => {
    if (fault.state !== null) await scene.untilState(fault.state);
    expect((await scene.gateway.ops('/livez')).status).toBe(200);
    expect((await scene.gateway.ops('/metrics')).status).toBe(200);
  });

  it('takes bounded memory while many ask', async () => {
    let asked = 0;
    do {
      const answers = await Promise.all(Array.from({ length: CLIENTS }, () => scene.share()));
      for (const answer of answers) expectUnavailable(answer, 'application/json');
      asked += answers.length;
      expect((await scene.ask({ path: '/api/v1/status' })).status).toBe(200);
    } while (performance.now() < beganAt + LASTS_MS);
    const growth = scene.gateway.residentBytes() - before;
    say(`${fault.name}: ${asked} asked, ${Math.round(growth / 2 ** 20)} MiB more`);
    expect(growth).toBeLessThan(GROWTH_MAX);
  });

  it('ends without a restart, and nothing is lost', async () => {
    await fault.end(scene);
    const healedAt = performance.now();
    await until('secrets are taken', async () => (await scene.share()).status === 200);
    say(
      `${fault.name}: shares again after ${((performance.now() - healedAt) / 1000).toFixed(1)} s`,
    );
    const revealed = await until('it is revealed', async () => {
      const answer = await scene.reveal(key);
      return answer.status === 503 ? null : answer;
    });
    expect(revealed.json()['value']).toBe(value);
    await scene.untilState('serving');
  });
});
