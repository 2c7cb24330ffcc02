import { adminPort, AdminClient, makeKey } from '../support/admin-client.js';
import { GatewayProcess } from '../support/gateway-process.js';

interface Account {
  readonly email: string;
  readonly plan: string;
  readonly state: string;
}

const byKey = (one: string, other: string): number =>
  one.toLowerCase() < other.toLowerCase() ? -1 : 1;

describe('accounts in the operator API', () => {
  let gateway: GatewayProcess;
  let admin: AdminClient;

  beforeAll(async () => {
    const environment = await adminPort();
    gateway = await GatewayProcess.start({ environment });
    const key = await makeKey(gateway, 'support', '--scope', 'read,write');
    admin = new AdminClient(gateway, Number(environment.GATEWAY_ADMIN_PORT), key);
  });
  afterAll(() => gateway.stop());

  const signIn = async (auth: string): Promise<number> =>
    (await gateway.call('eu', { path: '/api/v1/private/recent', auth })).status;

  it('creates, finds, changes, suspends, resumes and removes an account', async () => {
    const created = await admin.call('/accounts', {
      body: { email: 'Ann@example.com', plan: 'basic' },
    });
    expect(created.status).toBe(201);
    const { token } = created.json<{ token: string }>();
    expect(await signIn(`ann@example.com:${token}`)).toBe(200);

    const again = await admin.call('/accounts', { body: { email: 'ann@example.com' } });
    expect(again.status).toBe(422);

    const found = await admin.call('/accounts?email=ANN%40example.com');
    expect(found.json<{ accounts: Account[] }>().accounts).toMatchObject([
      { email: 'Ann@example.com', plan: 'basic', state: 'active', region: 'eu' },
    ]);
    expect((await admin.call('/accounts?email=no%40example.com')).json()).toEqual({
      accounts: [],
      next_cursor: null,
    });

    const path = '/accounts/ann%40example.com';
    const plan = await admin.call(`${path}/plan`, {
      method: 'PUT',
      body: { plan: 'identity_plus' },
    });
    expect(plan.json()).toMatchObject({ plan: 'identity_plus' });

    for (let time = 0; time < 2; time += 1) {
      const suspended = await admin.call(`${path}/suspend`, { method: 'POST' });
      expect(suspended.json()).toMatchObject({ state: 'suspended' });
    }
    expect(await signIn(`ann@example.com:${token}`)).not.toBe(200);
    expect((await admin.call(`${path}/resume`, { method: 'POST' })).status).toBe(200);
    expect(await signIn(`ann@example.com:${token}`)).toBe(200);

    // A minute later it is deleted: a call is repeated with the same result.
    for (let time = 0; time < 2; time += 1) {
      const removed = await admin.call(path, { method: 'DELETE' });
      expect(removed.json()).toMatchObject({ removed: true });
      expect((await admin.call(path)).json()).toMatchObject({ state: 'closing', tokens: [] });
    }
    expect(await signIn(`ann@example.com:${token}`)).not.toBe(200);
    expect((await admin.call(`${path}/resume`, { method: 'POST' })).status).toBe(422);
  });

  it('creates, rotates and revokes the tokens of an account', async () => {
    const body = { email: 'tokens@example.com' };
    const first = (await admin.call('/accounts', { body })).json<{ token: string }>().token;
    const path = '/accounts/tokens%40example.com';
    const details = (await admin.call(path)).json<{ tokens: { id: string; name: string }[] }>();
    expect(details.tokens).toMatchObject([{ name: 'default', replaced: [] }]);
    const { id } = details.tokens[0]!;

    const rotated = await admin.call(`${path}/tokens/${id}/rotate`, { body: { overlap: 600 } });
    expect(rotated.json()).toMatchObject({ token: { id, replaced: [{ last_used_on: null }] } });
    const { value } = rotated.json<{ value: string }>();
    expect(await signIn(`tokens@example.com:${first}`)).toBe(200);
    expect(await signIn(`tokens@example.com:${value}`)).toBe(200);
    await admin.call(`${path}/tokens/${id}/rotate`, { method: 'POST' });
    expect(await signIn(`tokens@example.com:${first}`)).not.toBe(200);
    expect(await signIn(`tokens@example.com:${value}`)).not.toBe(200);

    const request = { name: 'backup', scopes: ['create'], expires_in: 3600 };
    const created = await admin.call(`${path}/tokens`, { body: request });
    expect(created.status).toBe(201);
    const backup = created.json<{ token: { id: string }; value: string }>();
    expect(backup.token).toMatchObject({ name: 'backup', scopes: ['create'], is_expired: false });
    expect((await admin.call(`${path}/tokens`, { body: request })).json()).toMatchObject({
      code: 'TOKEN_EXISTS',
    });

    const auth = `tokens@example.com:${backup.value}`;
    const share = { path: '/api/v1/share', auth, body: { secret: 'x' } };
    expect((await gateway.call('eu', share)).status).toBe(200);
    const revoked = await admin.call(`${path}/tokens/${backup.token.id}`, { method: 'DELETE' });
    expect(revoked.json()).toMatchObject({ token: { name: 'backup' }, revoked: true });
    expect((await gateway.call('eu', share)).status).not.toBe(200);
    const again = await admin.call(`${path}/tokens/${backup.token.id}`, { method: 'DELETE' });
    expect(again.status).toBe(404);
  });

  it('writes who changed it into the activity of the account', async () => {
    const body = { email: 'active@example.com' };
    const { token } = (await admin.call('/accounts', { body })).json<{ token: string }>();
    await admin.call('/accounts/active%40example.com/plan', {
      method: 'PUT',
      body: { plan: 'identity_plus' },
    });
    const activity = await gateway.call('eu', {
      path: '/api/account/activity',
      auth: `active@example.com:${token}`,
    });
    expect(activity.json<{ records: unknown[] }>().records[0]).toMatchObject({
      action: 'account.plan_changed',
      actor: 'operator',
      actor_name: 'support',
      network: '127.0.0.0/24',
    });
  });

  it('lists all accounts once, page by page', async () => {
    const emails = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@page.example.com`);
    const before = (await admin.call('/accounts?limit=100')).json<{ accounts: Account[] }>();
    for (const email of emails) await admin.call('/accounts', { body: { email } });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const suffix: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await admin.call(`/accounts?limit=2${suffix}`);
      const body = page.json<{ accounts: Account[]; next_cursor: string | null }>();
      seen.push(...body.accounts.map(({ email }) => email));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual([...before.accounts.map(({ email }) => email), ...emails].sort(byKey));
    expect((await admin.call('/accounts?cursor=%25')).status).toBe(422);
  });

  it('burns the unread secrets of an account that is removed', async () => {
    const { auth } = await gateway.account('eu', 'gone@example.com');
    const shared = await gateway.call('eu', {
      path: '/api/v1/share',
      auth,
      body: { secret: 'x' },
    });
    const { secret_key: key } = shared.json<{ secret_key: string }>();
    await admin.call('/accounts/gone%40example.com', { method: 'DELETE' });
    const revealed = await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
    expect(revealed.status).toBe(404);
  });
});
