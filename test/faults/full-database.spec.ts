import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../support/https-client.js';
import { describeUnless } from '../support/requires.js';
import { noSmallDisk, SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';
import { faultRun, say } from './fault-run.js';
import { CUSTOMER_HOST, FaultScene } from './fault-scene.js';
import { SecretTraffic, type Send } from './secret-traffic.js';

const { random, isLong } = faultRun();
/** Of a new cluster with its log; the rest is filled. */
const MEGABYTES = 160;
const CLIENTS = 3;
/** Before the disk is full; some of them are opened when it has room again. */
const MESSAGES = 30;
/** Each value needs pages of its own, and the log grows with it. */
const FILLER = 'x'.repeat(9000);
const STAYS_FULL_MS = isLong ? 60_000 : 3000;
/** How often PostgreSQL ends: the way in which it does depends on the moment. */
const FALLS = isLong ? 30 : 1;

/** Needs no room in a table. Without it, a switch of the log does nothing. */
const WRITE_LOG = `select pg_logical_emit_message(false, 'filler', 'filler')`;

/** A message without its receipt, or a receipt that waits for a message which is not there. */
const HALF_MADE = `select s.lookup, r.lookup as receipt, r.state
  from secrets s full join receipts r on r.lookup = s.receipt_lookup
  where r.lookup is null or (s.lookup is null and r.state in ('new', 'viewed'))`;

describeUnless(noSmallDisk, 'a disk of PostgreSQL, data and log, that is full', () => {
  let disk: SmallDisk;
  let scene: FaultScene;
  let traffic: SecretTraffic;
  let kept: string;
  let receipt: string;
  let auth: string;
  let isOver = false;
  let clients: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    disk = SmallDisk.mount(MEGABYTES);
    // Started again when it ends, as systemd and operators of Kubernetes do.
    const server = {
      dataDir: join(disk.path, 'database'),
      isKept: true,
      settings: { min_wal_size: '32MB', max_wal_size: '32MB' },
    };
    scene = await FaultScene.start({}, {}, server);
    await scene.setUpDomain();
    ({ auth } = await scene.gateway.account('eu', 'reader@example.com', 'identity_plus'));
    kept = await scene.newKey('kept while the disk is full');
    receipt = String((await scene.share('another')).json()['metadata_key']);
    traffic = new SecretTraffic(send, random, FILLER);
    clients = Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (!isOver) await traffic.step();
      }),
    );
    // It is awaited in the last test.
    clients.catch(() => undefined);
    await until('many messages are there', () => traffic.counts.shared >= MESSAGES);
  });
  afterAll(async () => {
    isOver = true;
    disk.free();
    await scene?.stop();
    disk.unmount();
  });

  const send: Send = async (request) => {
    const answer = await scene.ask(request).catch(() => null);
    if (answer === null || answer.status === 503) await delay(100);
    return answer;
  };

  /** Writes its log until it ends. What its end gives back is filled again, so that it does not start. */
  async function untilEnded(): Promise<void> {
    await until('PostgreSQL has ended', async () => {
      disk.fill();
      await scene.database.asAdmin(WRITE_LOG, 'select pg_switch_wal()').catch(() => undefined);
      return (await scene.state()) === 'database unreachable';
    });
  }

  async function servesWithRoom(): Promise<void> {
    disk.free();
    const freedAt = performance.now();
    await scene.untilState('serving');
    say(`serves ${((performance.now() - freedAt) / 1000).toFixed(1)} s after there is room`);
    // The first session of a database writes a file, without which the next ones end on a full disk.
    // And without a checkpoint the log has all of the disk after some falls.
    await scene.database.asAdmin('checkpoint');
  }

  it('takes no message that needs room, and what only reads goes on', async () => {
    disk.fill();
    await scene.untilState('database disk full');
    await until('it is logged', () =>
      /"state":"disk full".*"msg":"database cannot be written"/.test(scene.gateway.logs),
    );
    const metrics = await (await scene.gateway.ops('/metrics')).text();
    expect(metrics).toContain('gateway_region_state{region="eu",state="database disk full"} 1');
    const refused = await until('a message is refused', async () => {
      const answer = await scene.share(FILLER);
      return answer.status === 200 ? null : answer;
    });
    expectUnavailable(refused);
    const read = await Promise.all([
      scene.ask({ path: '/' }),
      scene.ask({ path: `/secret/${kept}` }),
      scene.ask({ method: 'POST', path: `/api/v1/private/${receipt}` }),
      scene.ask({ path: '/api/v1/private/recent', auth }),
      scene.ask({ path: '/api/domains', auth }),
      scene.ask({ path: '/api/v1/status' }, CUSTOMER_HOST),
    ]);
    expect(read.map(({ status }) => status)).toEqual(read.map(() => 200));
  });

  it('is a 503 when PostgreSQL has ended, because its log cannot grow either', async () => {
    await untilEnded();
    const fullUntil = performance.now() + STAYS_FULL_MS;
    do {
      disk.fill();
      for (const answer of await Promise.all([scene.share(), scene.reveal(kept)]))
        expectUnavailable(answer);
      const known = await scene.ask({ path: '/api/v1/status' }, CUSTOMER_HOST);
      expect(known.status).toBe(200);
      expect(await scene.state()).toBe('database unreachable');
    } while (performance.now() < fullUntil);
  });

  it('is over when there is room, without a restart of the gateway: no secret is lost, read twice or half made', async () => {
    await servesWithRoom();
    for (let fall = 1; fall < FALLS; fall += 1) {
      await untilEnded();
      await servesWithRoom();
    }
    await until('the clients are served', async () => (await scene.share(FILLER)).status === 200);
    isOver = true;
    await clients;
    await traffic.settle();
    say(`secrets ${JSON.stringify(traffic.counts)}`);
    expect(traffic.violations).toEqual([]);
    expect(traffic.counts.read).toBeGreaterThan(0);
    expect((await scene.reveal(kept)).json()['value']).toBe('kept while the disk is full');
    expect(await scene.database.asRegion('eu', HALF_MADE)).toEqual([]);
    expect(scene.gateway.logs).not.toMatch(/"level":"(?:error|fatal)"/);
  });
});

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
}
