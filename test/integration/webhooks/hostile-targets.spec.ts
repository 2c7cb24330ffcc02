import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { NetworkList } from '../../../src/shared/network.js';
import { status, type WebhookTarget } from '../../support/webhook-target.js';
import { until } from '../../support/until.js';
import type { WebhookRoom } from './webhook-room.js';
import { HOST, WebhookScene } from './webhook-scene.js';

let scene: WebhookScene;
let target: WebhookTarget;

beforeAll(async () => {
  scene = await WebhookScene.start();
});
beforeEach(async () => {
  await scene.query('delete from webhooks');
  target = await scene.target();
});
afterAll(() => scene.stop());

/** Sends one event to the port, and says how the attempt ended. */
async function attempt(room: WebhookRoom, port = target.port) {
  const account = await scene.account();
  const { webhook } = await scene.webhook(room, account, port);
  await scene.event(account);
  await room.flush();
  const page = await room.service.attempts(account, webhook.id, { limit: 5, cursor: null });
  return page.attempts[0]!;
}

describe('a target', () => {
  it('that never answers costs its time and no more', async () => {
    target.answer = () => undefined;
    const ended = await attempt(scene.room({ attemptMs: 300 }));
    expect(ended).toMatchObject({ failure: 'timeout', status: null });
    expect(ended.durationMs).toBeGreaterThanOrEqual(290);
  });

  it('whose answer never ends is left after 64 KB, or when the time is over', async () => {
    let sent = 0;
    target.answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        sent += 16_384;
        if (!response.destroyed) response.write(Buffer.alloc(16_384), () => setImmediate(more));
      };
      more();
    };
    expect(await attempt(scene.room())).toMatchObject({ status: 200 });
    // What the two sockets hold back on the way is more than what is read.
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    target.answer = (response) => void response.writeHead(200).write('x');
    const trickle = await attempt(scene.room({ attemptMs: 3000 }));
    expect(trickle).toMatchObject({ status: 200 });
    await until('both connections are closed', () => target.atOnce === 0);
  });

  it('that redirects is not followed', async () => {
    const other = await scene.target();
    target.answer = status(307, { location: `https://${HOST}:${other.port}/` });
    expect(await attempt(scene.room())).toMatchObject({ status: 307 });
    expect(other.taken).toEqual([]);
  });

  it('that resets the connection is tried again later', async () => {
    target.answer = (response) => void response.socket?.destroy();
    expect(await attempt(scene.room())).toMatchObject({ failure: 'connection' });
  });

  it('that nobody listens at is tried again later', async () => {
    const { port } = target;
    await target.stop();
    expect(await attempt(scene.room(), port)).toMatchObject({ failure: 'connection' });
  });

  it.each([
    ['for another name', 'other.example.com', {}],
    ['of an unknown authority', HOST, { roots: null }],
  ])('with a certificate %s is sent nothing', async (_, name, settings) => {
    const wrong = await scene.target(name);
    expect(await attempt(scene.room(settings), wrong.port)).toMatchObject({ failure: 'tls' });
    expect(wrong.taken).toEqual([]);
  });

  it('whose answer has endless headers has failed', async () => {
    target.answer = status(200, { 'x-long': 'x'.repeat(60_000) });
    expect(await attempt(scene.room())).toMatchObject({ failure: 'connection' });
  });
});

describe('a name', () => {
  it.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['100.64.0.1']],
    [['93.184.216.34', '192.168.0.1']],
    [['0.0.0.0']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['fd00::1']],
  ])('with the addresses %j is not connected to', async (addresses) => {
    const strict = scene.room({ privateTargets: new NetworkList([]) }, () => addresses);
    expect(await attempt(strict)).toMatchObject({ failure: 'private_address' });
    expect(target.taken).toEqual([]);
  });

  it('that is not found is tried again later', async () => {
    expect(await attempt(scene.room({}, () => []))).toMatchObject({ failure: 'dns' });
  });

  it('is looked up at each attempt, once: an answer that changes leads nowhere', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1'], ['127.0.0.1']];
    let asked = 0;
    const room = scene.room({}, () => answers[asked++] ?? []);
    const account = await scene.account();
    const { webhook } = await scene.webhook(room, account, target.port);
    target.answer = status(500);
    await scene.event(account);
    for (let round = 0; round < 3; round += 1) {
      await room.flush();
      await scene.passTime();
    }
    const page = await room.service.attempts(account, webhook.id, { limit: 5, cursor: null });
    expect(page.attempts.map(({ status: code, failure }) => failure ?? code)).toEqual([
      500,
      'private_address',
      500,
    ]);
    expect(asked).toBe(3);
    expect(target.taken).toHaveLength(2);
  });
});

it('a slow target holds up neither another account nor another target, and has two places', async () => {
  const slow = await scene.target();
  const held: (() => void)[] = [];
  slow.answer = (response) => void held.push(() => response.end());
  const room = scene.room({ parallel: 4 });
  const [many, one] = [await scene.account(), await scene.account()];
  for (let count = 0; count < 6; count += 1) await scene.webhook(room, many, slow.port);
  await scene.event(many);
  while (await room.events.round());
  const slowRound = room.job.round();
  await until('the slow target has its two', () => held.length === 2);
  await scene.webhook(room, one, target.port);
  await scene.webhook(room, many, target.port);
  await scene.event(one);
  await scene.event(many);
  while (await room.events.round());
  void room.job.round();
  await until('the quick target has both', () => target.taken.length === 2);
  expect(held).toHaveLength(2);
  slow.answer = status(204);
  for (const release of held) release();
  await slowRound;
});

it('plain HTTP goes to addresses that the operator allows, and no proxy of the environment is asked', async () => {
  const seen: string[] = [];
  const plain = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as AddressInfo;
  const room = scene.room();
  const account = await scene.account();
  const request = {
    name: 'plain',
    url: `http://127.0.0.1:${port}/x`,
    events: ['domain.*'] as const,
  };
  process.env['HTTP_PROXY'] = `http://127.0.0.1:${target.port}`;
  await room.service.create(account, request, COMMAND_LINE);
  await scene.event(account, 'domain.verified');
  await room.flush();
  delete process.env['HTTP_PROXY'];
  plain.close();
  expect(seen).toEqual([`POST /x 127.0.0.1:${port}`]);
  const strict = scene.room({ privateTargets: new NetworkList([]) });
  await expect(
    strict.service.create(account, { ...request, name: 'other' }, COMMAND_LINE),
  ).rejects.toMatchObject({ code: 'invalid_request', field: 'url' });
});
