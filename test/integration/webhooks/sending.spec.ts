import { Webhook as Verifier } from 'standardwebhooks';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { ExpiredSecretsJob } from '../../../src/secrets/expired-secrets.job.js';
import { LogLines } from '../../support/log-lines.js';
import { status, type TakenRequest, type WebhookTarget } from '../../support/webhook-target.js';
import { conceal, openRoom, owner, ownerCaller, anonymous } from '../secrets/support.js';
import { WebhookScene } from './webhook-scene.js';
import type { WebhookRoom } from './webhook-room.js';

let scene: WebhookScene;
let room: WebhookRoom;
let target: WebhookTarget;

beforeAll(async () => {
  scene = await WebhookScene.start();
  room = scene.room();
});
beforeEach(async () => {
  await scene.query('delete from webhooks');
  target = await scene.target();
});
afterAll(() => scene.stop());

const verified = (secret: string, { body, headers }: TakenRequest) =>
  new Verifier(secret).verify(body, headers as Record<string, string>);
const ids = (): unknown[] => target.taken.map(({ headers }) => headers['webhook-id']);

describe('a webhook', () => {
  it('gets the events of its account, signed, with ids and states and nothing that opens anything', async () => {
    await scene.account(owner.id);
    const log = new LogLines();
    const logged = log.capture(() => scene.room());
    const secrets = openRoom(scene.database);
    const { secret, webhook } = await scene.webhook(room, owner.id, target.port);
    const change = {
      value: 'value-canary',
      passphrase: 'passphrase-canary',
      recipients: ['recipient-canary@example.com'],
    };
    const keys = await conceal(secrets, change, ownerCaller);
    await scene.event(owner.id, 'certificate.failed', {
      id: 'cd1',
      domain: 'secrets.acme.example',
      not_after: null,
      private_key: 'key-canary',
      nested: { token: 'token-canary' },
    });
    await scene.event(owner.id, 'account.closed');
    await logged.flush();
    const lines = JSON.stringify(log.all);
    expect(target.taken.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'secret.created',
      'certificate.failed',
    ]);
    for (const taken of target.taken) {
      expect(verified(secret, taken)).toEqual(JSON.parse(taken.body));
      expect(() => verified('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', taken)).toThrow();
      expect(taken.body).not.toMatch(/canary/);
      for (const key of Object.values(keys)) expect(taken.body).not.toContain(key);
    }
    expect(JSON.parse(target.taken[1]!.body)).toMatchObject({
      type: 'certificate.failed',
      timestamp: expect.stringMatching(/Z$/),
      data: { id: 'cd1', domain: 'secrets.acme.example', not_after: null },
    });
    expect(target.taken[0]!.path).toBe('/in?token=query-canary');
    expect(lines).toContain(webhook.id);
    expect(lines).not.toMatch(/canary|whsec_/);
    expect(lines).not.toContain(secret.slice(6));
    const stored = JSON.stringify(
      await scene.query(`select encode(sealed_secret, 'escape') as s from webhooks`),
    );
    expect(stored).not.toContain(secret.slice(6, 20));
    expect(await logged.metrics.metrics()).toContain(
      'gateway_webhook_deliveries_total{result="delivered"} 2',
    );
  });

  it('hears of secrets that are revealed, burned and expired', async () => {
    const secrets = openRoom(scene.database);
    await scene.webhook(room, owner.id, target.port);
    await scene.query('delete from secrets');
    const read = await conceal(secrets, {}, ownerCaller);
    const burned = await conceal(secrets, {}, ownerCaller);
    await secrets.secrets.reveal(anonymous, read.secretKey, null);
    await secrets.receipts.burn(ownerCaller, burned.metadataKey, null);
    await conceal(secrets, {}, ownerCaller);
    await scene.query(`update secrets set expires_at = now() - interval '1 second'`);
    await new ExpiredSecretsJob(scene.database.statements).deleteExpired();
    await room.flush();
    const types = target.taken.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types.toSorted()).toEqual([
      'secret.burned',
      'secret.created',
      'secret.created',
      'secret.created',
      'secret.expired',
      'secret.revealed',
    ]);
  });

  it('is sent nothing that it did not ask for, and other accounts nothing at all', async () => {
    const [one, other] = [await scene.account(), await scene.account()];
    const url = `https://hooks.example.com:${target.port}/`;
    const request = { name: 'a', url, events: ['domain.*'] as const };
    await room.service.create(one, request, COMMAND_LINE);
    for (const type of ['domain.verified', 'secret.burned']) {
      await scene.event(one, type);
      await scene.event(other, type);
    }
    expect(await scene.query('select 1 from outbox where account_id = $1', [other])).toEqual([]);
    await room.flush();
    expect(target.taken).toHaveLength(1);
  });

  it('is signed with both secrets while a rotation overlaps, and with the new one after it', async () => {
    const account = await scene.account();
    const { webhook, secret } = await scene.webhook(room, account, target.port);
    const rotated = await room.service.rotate(account, webhook.id, 3600, COMMAND_LINE);
    await scene.event(account);
    await room.flush();
    const [taken] = target.taken;
    expect(String(taken!.headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const each of [secret, rotated.secret]) verified(each, taken!);
    await scene.query(`update webhooks set previous_until = now()`);
    await scene.event(account);
    await room.flush();
    expect(() => verified(secret, target.taken[1]!)).toThrow();
    verified(rotated.secret, target.taken[1]!);
  });

  it('is sent a test event once, however it is answered', async () => {
    const account = await scene.account();
    const { webhook } = await scene.webhook(room, account, target.port);
    target.answer = status(500);
    const id = await room.service.test(account, webhook.id);
    await room.flush();
    await scene.passTime();
    await room.flush();
    expect(ids()).toEqual([id]);
    const { attempts } = await room.service.attempts(account, webhook.id, {
      limit: 5,
      cursor: null,
    });
    expect(attempts).toMatchObject([
      { deliveryId: id, type: 'webhook.test', attempt: 1, status: 500 },
    ]);
    expect(await room.service.get(account, webhook.id)).toMatchObject({ failingSince: null });
  });
});

describe('an event that is not taken', () => {
  it.each([
    ['seconds', () => '1800'],
    ['a date', () => new Date(Date.now() + 1_800_000).toUTCString()],
  ])('is left alone as long as the target asks for in %s', async (_, retryAfter) => {
    const account = await scene.account();
    await scene.webhook(room, account, target.port);
    target.answer = status(503, { 'retry-after': retryAfter() });
    await scene.event(account);
    await room.flush();
    const [row] = await scene.query<{ seconds: number }>(
      `select extract(epoch from next_at - now())::int as seconds from webhook_deliveries where next_at is not null`,
    );
    expect(row!.seconds).toBeGreaterThan(1700);
  });

  it('is sent again under the same id, later each time, and a success resets', async () => {
    const account = await scene.account();
    const { webhook, secret } = await scene.webhook(room, account, target.port);
    target.answer = status(503);
    await scene.event(account);
    await room.flush();
    expect(await room.service.get(account, webhook.id)).toMatchObject({
      failingSince: expect.any(Date),
    });
    await scene.passTime();
    await room.flush();
    target.answer = status(200);
    await scene.passTime();
    await room.flush();
    expect(new Set(ids()).size).toBe(1);
    expect(target.taken).toHaveLength(3);
    for (const taken of target.taken) verified(secret, taken);
    expect(await room.service.get(account, webhook.id)).toMatchObject({ failingSince: null });
    const first = await room.service.attempts(account, webhook.id, { limit: 2, cursor: null });
    const second = await room.service.attempts(account, webhook.id, {
      limit: 2,
      cursor: first.nextCursor,
    });
    expect(
      [...first.attempts, ...second.attempts].map((each) => [each.attempt, each.status]),
    ).toEqual([
      [3, 200],
      [2, 503],
      [1, 503],
    ]);
    expect(second.nextCursor).toBeNull();
  });

  it('for a day disables the webhook, whose owner is told, and no event is kept from then on', async () => {
    const account = await scene.account();
    await scene.query(
      `insert into outbox_listeners (reader, types) values ('notices', '{webhook.disabled}') on conflict do nothing`,
    );
    const { webhook } = await scene.webhook(room, account, target.port);
    target.answer = status(500);
    await scene.event(account);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await room.flush();
      await scene.passTime();
    }
    expect(await room.service.get(account, webhook.id)).toMatchObject({ isEnabled: true });
    // Before the next attempt, which is 80 seconds later.
    await scene.query(`update webhook_deliveries set give_up_at = now() + interval '60 seconds'`);
    await room.flush();
    expect(await room.service.get(account, webhook.id)).toMatchObject({
      isEnabled: false,
      disabledReason: 'failing',
    });
    expect(target.taken).toHaveLength(5);
    const told = await scene.query(
      `select subject from outbox where type = 'webhook.disabled' and account_id = $1`,
      [account],
    );
    expect(told).toEqual([
      {
        subject: {
          id: webhook.id,
          name: webhook.name,
          host: 'hooks.example.com',
          reason: 'failing',
        },
      },
    ]);
    const lines = await scene.query(
      `select action, actor from account_activity where account_id = $1 order by id`,
      [account],
    );
    expect(lines).toEqual([
      { action: 'webhook.created', actor: 'operator' },
      { action: 'webhook.disabled', actor: 'gateway' },
    ]);
    await scene.event(account);
    expect(
      await scene.query(`select 1 from outbox where account_id = $1 and type like 'secret%'`, [
        account,
      ]),
    ).toHaveLength(1);
    await room.service.change(account, webhook.id, { isEnabled: true }, COMMAND_LINE);
    target.answer = status(200);
    await scene.event(account);
    await room.flush();
    expect(target.taken).toHaveLength(6);
  });

  it('is given up alone where later events are taken', async () => {
    const account = await scene.account();
    const { webhook } = await scene.webhook(room, account, target.port);
    target.answer = status(500);
    await scene.event(account);
    await room.flush();
    target.answer = status(200);
    await scene.query('update webhooks set rest_until = null');
    await scene.event(account);
    await room.flush();
    expect(new Set(ids()).size).toBe(2);
    target.answer = status(500);
    await scene.passTime();
    await scene.query(
      // Before the next attempt, which is 10 seconds later.
      `update webhook_deliveries set give_up_at = now() + interval '8 seconds' where next_at is not null`,
    );
    await room.flush();
    expect(await room.service.get(account, webhook.id)).toMatchObject({ isEnabled: true });
    expect(
      await scene.query(
        `select state from webhook_deliveries where webhook_id = $1 order by event_id`,
        [webhook.id],
      ),
    ).toEqual([{ state: 'failed' }, { state: 'delivered' }]);
  });

  it('because the target is gone (410) disables it at once', async () => {
    const account = await scene.account();
    const { webhook } = await scene.webhook(room, account, target.port);
    target.answer = status(410);
    await scene.event(account);
    await room.flush();
    expect(await room.service.get(account, webhook.id)).toMatchObject({ disabledReason: 'gone' });
  });
});

describe('several processes', () => {
  it('send each event once, and no more than one at a time to a webhook', async () => {
    const account = await scene.account();
    await scene.webhook(room, account, target.port);
    for (let count = 0; count < 30; count += 1) await scene.event(account);
    const processes = [scene.room(), scene.room(), scene.room()];
    await Promise.all(processes.map((each) => each.flush()));
    await room.flush();
    expect(target.taken).toHaveLength(30);
    expect(new Set(ids()).size).toBe(30);
    expect(target.atOnceMax).toBe(1);
  });

  it('go on after one that ended in the middle of an attempt, once its lease has ended', async () => {
    const account = await scene.account();
    const { webhook } = await scene.webhook(room, account, target.port);
    await scene.event(account);
    while (await room.events.round());
    const [leased] = await room.queue.takeDue('killed', 5);
    const delivery = await room.queue.begin(leased!);
    await scene.room().flush();
    expect(target.taken).toEqual([]);
    await scene.query(`update webhooks set leased_until = now(), next_at = now()`);
    await scene.room().flush();
    expect(ids()).toEqual([delivery!.id]);
    // What the first one writes now changes nothing.
    const ending = { state: 'waiting', retrySeconds: 1, restSeconds: 1, attempt: null } as const;
    expect(await room.queue.end(leased!, delivery!, ending)).toBe(false);
    const { attempts } = await room.service.attempts(account, webhook.id, {
      limit: 5,
      cursor: null,
    });
    expect(attempts).toMatchObject([{ attempt: 2, status: 204 }]);
  });
});

it('an account that is deleted leaves no webhook and no listener', async () => {
  const account = await scene.account();
  await scene.webhook(room, account, target.port);
  await scene.query('delete from accounts where id = $1', [account]);
  expect(
    await scene.query('select 1 from outbox_listeners where account_id = $1', [account]),
  ).toEqual([]);
});
