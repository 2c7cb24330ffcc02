import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replacePrivateFile } from '../../src/shared/atomic-file.js';
import { recordsToMake } from '../support/domain-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { describeUnless } from '../support/requires.js';
import { noSmallDisk, SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';
import { CUSTOMER_HOST, FaultScene } from './fault-scene.js';

interface LogLine {
  readonly msg?: string;
  readonly lines?: number;
  readonly time?: string;
}

/** Whole lines of the log; a line that the full disk has cut is left out. */
function linesOf(text: string): LogLine[] {
  return text.split('\n').flatMap((line): LogLine[] => {
    try {
      return line === '' ? [] : [JSON.parse(line) as LogLine];
    } catch {
      return [];
    }
  });
}

const DAY = 86_400_000;
const LOST = 'log lines were lost, the output did not take them';

describeUnless(noSmallDisk, 'what surrounds a gateway', () => {
  let logs: SmallDisk;
  let data: SmallDisk;
  let scene: FaultScene;
  beforeAll(async () => {
    logs = SmallDisk.mount(1);
    data = SmallDisk.mount(2);
    const log = join(logs.path, 'log');
    const clock = 'test/faults/stepped-clock.js';
    scene = await FaultScene.start(
      { FAULTS_CLOCK_FILE: join(data.path, 'clock') },
      {
        dataDir: data.path,
        command: [
          'sh',
          '-c',
          `exec "$0" --import ./${clock} dist/src/main.js > ${log} 2>&1`,
          process.execPath,
        ],
      },
    );
  });
  afterAll(async () => {
    await scene?.stop();
    logs.unmount();
    data.unmount();
  });

  const log = (): LogLine[] => linesOf(readFileSync(join(logs.path, 'log'), 'utf8'));
  const share = async (): Promise<number> => (await scene.share()).status;

  it('a full disk with its log: it goes on, and logs again when there is room, saying what it lost', async () => {
    logs.fill();
    let last = { size: 0, at: 0 };
    await until('the log has taken nothing for a second', async () => {
      expect(await share()).toBe(200);
      const { size } = statSync(join(logs.path, 'log'));
      if (size !== last.size) last = { size, at: performance.now() };
      return performance.now() - last.at > 1000;
    });
    logs.free();
    await until('it says what was lost', async () => {
      expect(await share()).toBe(200);
      return log().some(({ msg, lines = 0 }) => msg === LOST && lines > 0);
    });
    await until('the next request is logged', async () => {
      expect(await share()).toBe(200);
      return log().at(-1)?.msg === 'request';
    });
  });

  it('a full disk with its mails: each of them is sent once, when there is room', async () => {
    const { auth } = await scene.gateway.account('eu', 'sender@example.com', 'identity_plus');
    const folder = join(data.path, 'mail');
    const mails = (): string[] =>
      readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => name.includes('.eml'));
    const before = mails().length;
    data.fill();
    const body = { secret: 'mailed', recipient: 'them@example.com' };
    const made = await scene.ask({ path: '/api/v1/share', body, auth });
    expect(made.status).toBe(200);
    await until('an attempt has failed', () =>
      log().some(({ msg }) => msg === 'mail not sent, will retry'),
    );
    expect(mails()).toHaveLength(before);
    data.free();
    await scene.database.asRegion('eu', `update mails set next_at = now() where state = 'queued'`);
    // It has the name of a draft first.
    await until(
      'it is sent',
      () => mails().length > before && mails().every((name) => name.endsWith('.eml')),
    );
    expect(mails()).toHaveLength(before + 1);
  });

  it('a full disk at the start: it ends with code 1, which supervisors start again, and says why', async () => {
    data.fill();
    const started = await GatewayProcess.spawn({ dataDir: join(data.path, 'new') });
    // With all that it has written.
    expect(await once(started.child, 'close')).toEqual([1, null]);
    expect(started.logs).toContain('is on a disk without space');
    data.free();
  });

  it.each([
    ['forward by 40 days', 40 * DAY],
    ['back by 40 days', -40 * DAY],
  ])('a clock that is set %s ends no secret and keeps none', async (_, step) => {
    const body = { secret: 'before', ttl: 3600 };
    const made = (await scene.ask({ path: '/api/v1/share', body })).json();
    const doomed = (await scene.ask({ path: '/api/v1/share', body })).json();
    writeFileSync(join(data.path, 'clock'), String(step));
    const then = Date.now() + step;
    await until('the clock has moved', async () => {
      await share();
      const { time = '' } = log().at(-1) ?? {};
      return Math.abs(Date.parse(time) - then) < DAY;
    });
    const later = await scene.ask({ path: '/api/v1/share', body: { ...body, secret: 'after' } });
    expect(later.json()).toMatchObject({ ttl: 3600 });
    for (const [key, value] of [
      [made['secret_key'], 'before'],
      [later.json()['secret_key'], 'after'],
    ])
      expect((await scene.reveal(String(key))).json()['value']).toBe(value);
    await scene.database.asRegion('eu', `update secrets set expires_at = now()`);
    expect((await scene.reveal(String(doomed['secret_key']))).status).toBe(404);
    writeFileSync(join(data.path, 'clock'), '0');
  });

  it('DNS that never answers: a check says so and changes nothing, names go on, and the next check is right', async () => {
    const owner = await scene.setUpDomain();
    const claimed = await owner.claim('secrets.asked.test');
    for (const { fqdn, type, desired } of recordsToMake(claimed))
      scene.dns.zone.set(fqdn, type as 'TXT', desired);
    // The socket takes every query.
    scene.dns.fault('*', 'silent');
    const checking = owner.verify(claimed.id);
    const status = await scene.ask({ path: '/api/v1/status' }, CUSTOMER_HOST);
    expect([status.status, await share()]).toEqual([200, 200]);
    const seen = await checking;
    expect(seen.issues.map(({ code }) => code)).toContain('DNS_UNREACHABLE');
    expect(seen.ownership.state).toBe(claimed.ownership.state);
    scene.dns.fault('*', null);
    expect((await owner.verify(claimed.id)).ownership.state).toBe('verified');
    await owner.serving(claimed.id);
  });
});

describeUnless(noSmallDisk, 'a disk that is nearly full', () => {
  it('keeps the old text of a file of ours, and no half of the new one', () => {
    const disk = SmallDisk.mount(1);
    try {
      const path = join(disk.path, 'kept.json');
      writeFileSync(path, 'the old text');
      disk.fill(2);
      expect(() => replacePrivateFile(path, 'x'.repeat(100_000))).toThrow('ENOSPC');
      expect(readFileSync(path, 'utf8')).toBe('the old text');
      expect(readdirSync(disk.path).toSorted()).toEqual(['filler', 'kept.json']);
    } finally {
      disk.unmount();
    }
  });
});
