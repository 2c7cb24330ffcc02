import {
  newWebhookAnswerSchema,
  webhookAnswerSchema,
  webhookAttemptsAnswerSchema,
  webhooksAnswerSchema,
  webhookTestAnswerSchema,
} from '../../../src/api/account/webhook-answers.js';
import { WEBHOOKS_MAX } from '../../../src/webhooks/webhook-settings.js';
import { AccountApi, CUSTOM_HOST, type Customer, type Json } from './account-api.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const BODY = {
  name: 'audit',
  url: 'https://hooks.example.com/in?token=x',
  events: ['secret.revealed', 'domain.*'],
};
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

async function create(customer: Customer, change: Json = {}) {
  const answer = await api.send(customer, 'POST', '/webhooks', { body: { ...BODY, ...change } });
  expect(answer.status).toBe(201);
  return newWebhookAnswerSchema.parse(answer.json()).record;
}

describe('/api/account/webhooks', () => {
  it('creates a webhook, shows its secret once, lists, shows, changes and deletes it', async () => {
    const ann = await api.signUp();
    const { secret, ...record } = await create(ann);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(record).toMatchObject({ ...BODY, is_enabled: true, disabled_reason: null });
    const list = await api.send(ann, 'GET', '/webhooks');
    expect(webhooksAnswerSchema.parse(list.json()).records).toEqual([record]);
    const shown = await api.send(ann, 'GET', `/webhooks/${record.id}`);
    expect(webhookAnswerSchema.parse(shown.json()).record).toEqual(record);
    expect(list.text + shown.text).not.toContain('whsec_');
    const change = { name: 'other', events: ['secret.burned'], is_enabled: false };
    const changed = await api.send(ann, 'PATCH', `/webhooks/${record.id}`, { body: change });
    expect(webhookAnswerSchema.parse(changed.json()).record).toMatchObject({
      ...change,
      url: BODY.url,
      disabled_reason: 'owner',
    });
    const refused = await api.send(ann, 'POST', `/webhooks/${record.id}/test`);
    expect([refused.status, refused.json()['code']]).toEqual([422, 'WEBHOOK_DISABLED']);
    const removed = await api.send(ann, 'DELETE', `/webhooks/${record.id}`);
    expect(webhookAnswerSchema.parse(removed.json()).record.id).toBe(record.id);
    expect((await api.send(ann, 'GET', `/webhooks/${record.id}`)).status).toBe(404);
    expect((await api.activityOf(ann)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['webhook.deleted', 'webhook.changed', 'webhook.created']),
    );
  });

  it('gives a new secret, with an overlap of a day unless said otherwise', async () => {
    const ann = await api.signUp();
    const { id, secret } = await create(ann);
    const path = `/webhooks/${id}/rotate-secret`;
    const rotated = newWebhookAnswerSchema.parse((await api.send(ann, 'POST', path)).json()).record;
    expect(rotated.secret).not.toBe(secret);
    const ends = Date.parse(rotated.previous_secret_until!);
    expect(ends - Date.parse(rotated.secret_rotated_at!)).toBe(86_400_000);
    const body = { overlap: 0 };
    const again = newWebhookAnswerSchema.parse(
      (await api.send(ann, 'POST', path, { body })).json(),
    );
    expect(again.record.previous_secret_until).toBeNull();
  });

  it('queues a test event, and pages through the log', async () => {
    const ann = await api.signUp();
    const { id } = await create(ann);
    const answer = await api.send(ann, 'POST', `/webhooks/${id}/test`);
    expect(answer.status).toBe(202);
    const { event_id: eventId } = webhookTestAnswerSchema.parse(answer.json()).record;
    await api.database.dataSource.query(
      `insert into webhook_attempts (webhook_id, delivery_id, type, attempt, status, failure, duration_ms)
       values ($1, $2, 'webhook.test', 1, 500, null, 12), ($1, $2, 'webhook.test', 2, null, 'timeout', 10000)`,
      [id, eventId],
    );
    const page = async (query: string) =>
      webhookAttemptsAnswerSchema.parse(
        (await api.send(ann, 'GET', `/webhooks/${id}/deliveries?limit=1${query}`)).json(),
      );
    const first = await page('');
    expect(first.records).toMatchObject([{ event_id: eventId, attempt: 2, failure: 'timeout' }]);
    const second = await page(`&cursor=${first.next_cursor}`);
    expect(second.records).toMatchObject([{ attempt: 1, status: 500, duration_ms: 12 }]);
    expect(second.next_cursor).toBeNull();
    const wrong = await api.send(ann, 'GET', `/webhooks/${id}/deliveries?cursor=x`);
    expect(wrong.status).toBe(422);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ events: [] }, 'events'],
    [{ events: ['secret.*'] }, 'events.0'],
    [{ events: ['account.closed'] }, 'events.0'],
    [{ url: 'http://hooks.example.com/' }, 'url'],
    [{ url: 'https://127.0.0.1/' }, 'url'],
    [{ url: 'https://0x7f.1/' }, 'url'],
    [{ url: 'https://u:p@hooks.example.com/' }, 'url'],
    [{ url: null }, 'url'],
  ])('refuses %j', async (change, field) => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'POST', '/webhooks', { body: { ...BODY, ...change } });
    expect([answer.status, answer.json()['field']]).toEqual([422, field]);
    expect((await api.send(ann, 'GET', '/webhooks')).records()).toEqual([]);
  });

  it('refuses a name in use and one webhook too many, also of creations at once', async () => {
    const ann = await api.signUp();
    await create(ann);
    const body = { ...BODY, name: 'AUDIT' };
    const same = await api.send(ann, 'POST', '/webhooks', { body });
    expect([same.status, same.json()['code']]).toEqual([422, 'WEBHOOK_EXISTS']);
    const answers = await Promise.all(
      Array.from({ length: WEBHOOKS_MAX + 2 }, (_, index) =>
        api.send(ann, 'POST', '/webhooks', { body: { ...BODY, name: `n${index}` } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(WEBHOOKS_MAX - 1);
  });

  it('knows no webhook of another account, and needs the scope and the region’s host', async () => {
    const [ann, bob] = [await api.signUp(), await api.signUp()];
    const { id } = await create(ann);
    const reader = await api.withScopes(ann, ['read']);
    const calls = [
      ['GET', `/webhooks/${id}`],
      ['PATCH', `/webhooks/${id}`],
      ['DELETE', `/webhooks/${id}`],
      ['POST', `/webhooks/${id}/rotate-secret`],
      ['POST', `/webhooks/${id}/test`],
      ['GET', `/webhooks/${id}/deliveries`],
    ] as const;
    for (const [method, path] of calls) {
      const shot = method === 'PATCH' ? { body: { is_enabled: false } } : {};
      const answer = await api.send(bob, method, path, shot);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
      const unknown = await api.send(bob, method, path.replace(id, UNKNOWN), shot);
      expect(unknown.json()['message']).toBe(answer.json()['message']);
      expect((await api.send(null, method, path, shot)).status).toBe(401);
      const scoped = await api.send(reader, method, path, shot);
      expect([path, scoped.status]).toEqual([path, method === 'GET' ? 200 : 403]);
      const headers = { host: CUSTOM_HOST };
      expect((await api.send(ann, method, path, { ...shot, headers })).status).toBe(404);
    }
  });
});
