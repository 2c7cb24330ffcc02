import {
  burnedAnswer,
  memoAnswer,
  receiptAnswer,
  recentAnswer,
} from '../../../src/api/v2/v2-answers.js';
import { lookupOf } from '../../../src/secrets/secret-key.js';
import { HOSTS, OWNER, TwoTenants, type Who } from '../api-domains/two-tenants.js';
import { DAY, GONE, NEVER, V2Calls } from './v2-calls.js';

const BURN = { continue: true };

let tenants: TwoTenants;
const { call, conceal, receiptOf } = new V2Calls(() => tenants);

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());

const burn = (key: string, body: object = BURN, name = 'receipt') =>
  call(`POST /api/v2/${name}/${key}/burn`, body);

describe('a receipt', () => {
  it.each(['receipt', 'private', 'guest/receipt'])('is at %s', async (name) => {
    const { receiptKey: key, key: secretKey } = await conceal();
    const answer = await call(`GET /api/v2/${name}/${key}`);
    const { record, details } = receiptAnswer.parse(answer.json());
    expect(record).toMatchObject({
      state: 'new',
      secret_state: 'new',
      secret_identifier: secretKey,
      natural_expiration: '7 days',
      expiration_in_seconds: 7 * DAY,
      share_path: `/secret/${secretKey}`,
      share_url: expect.stringMatching(
        new RegExp(`^https://${HOSTS.R}(:\\d+)?/secret/${secretKey}$`),
      ),
      receipt_path: `/receipt/${key}`,
      burn_path: `/receipt/${key}/burn`,
    });
    expect(record.expiration).toBe(Math.floor(record.created) + 7 * DAY);
    expect(details).toMatchObject({
      show_secret: true,
      show_secret_link: true,
      can_decrypt: true,
      has_passphrase: false,
      view_count: 0,
      first_access: null,
      secret_value: null,
    });
    expect(details.secret_realttl).toBeGreaterThan(7 * DAY - 60);
  });

  it('stays new however often it is fetched, in v1 too', async () => {
    const { receiptKey: key } = await conceal();
    for (let count = 0; count < 3; count += 1)
      expect((await receiptOf(key)).record.state).toBe('new');
    const v1 = await call(`GET /api/v1/private/${key}`);
    expect(v1.json()).toMatchObject({ state: 'new' });
    expect((await receiptOf(key)).record.state).toBe('new');
  });

  it('of a secret with a passphrase has the link, and no secret_identifier', async () => {
    const { receiptKey: key, key: secretKey } = await conceal({ passphrase: 'right' });
    const { record, details } = await receiptOf(key);
    expect(record).not.toHaveProperty('secret_identifier');
    expect(record).toMatchObject({ share_path: `/secret/${secretKey}`, has_passphrase: true });
    expect(details).toMatchObject({ show_secret: false, can_decrypt: false, has_passphrase: true });
  });

  it.each([
    ['revealed', (secretKey: string) => call(`POST /api/v2/secret/${secretKey}/reveal`, BURN)],
    ['burned', (_: string, key: string) => burn(key)],
    [
      'expired',
      (secretKey: string, key: string) =>
        Promise.all([
          tenants.database.dataSource.query(
            'update secrets set expires_at = now() where lookup = $1',
            [lookupOf('secret', secretKey)],
          ),
          tenants.database.dataSource.query(
            'update receipts set secret_expires_at = now() where lookup = $1',
            [lookupOf('receipt', key)],
          ),
        ]),
    ],
  ] as const)('tells that the secret is %s and when, without its key', async (state, end) => {
    const { receiptKey: key, key: secretKey } = await conceal();
    await end(secretKey, key);
    const answer = await call(`GET /api/v2/receipt/${key}`);
    const { record, details } = receiptAnswer.parse(answer.json());
    expect(record).toMatchObject({
      state,
      [`is_${state}`]: true,
      is_destroyed: true,
      secret_state: null,
      secret_shortid: secretKey.slice(0, 8),
      share_path: null,
      share_url: null,
    });
    const when = { revealed: record.revealed, burned: record.burned, expired: record.expiration };
    expect(Math.abs((when[state] ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(record.received).toBe(record.revealed);
    expect(details.secret_realttl).toBeNull();
    expect(answer.body).not.toContain(secretKey);
    expect(answer.body).not.toContain('hello');
  });

  it('of an account stays for 30 days after the secret, any other as long as the secret', async () => {
    const made = [await conceal({ ttl: 60 }, 'owner'), await conceal({ ttl: 60 })];
    const lives = made.map(async ({ receiptKey: key }) => {
      const [row] = await tenants.database.dataSource.query<{ life: number }[]>(
        `select extract(epoch from expires_at - created_at)::int as life from receipts
         where lookup = $1`,
        [lookupOf('receipt', key)],
      );
      return row?.life;
    });
    expect(await Promise.all(lives)).toEqual([60 + 30 * DAY, 120]);
    // API v1 counts as it always has.
    const v1 = await call(`GET /api/v1/private/${made[0]?.receiptKey}`);
    expect(v1.json<{ metadata_ttl: number }>().metadata_ttl).toBeLessThanOrEqual(120);
  });

  it.each([NEVER, 'short', 'x'.repeat(500), '%zz', 'a%2Fb'])(
    'and its burn and memo answer %s alike',
    async (key) => {
      const answers = [
        await call(`GET /api/v2/receipt/${key}`),
        await call(`GET /api/v2/guest/receipt/${key}`),
        await burn(key),
        await burn(key, { ...BURN, passphrase: 'right' }),
        await call(`PATCH /api/v2/receipt/${key}`, { memo: 'x' }, 'owner'),
      ];
      for (const answer of answers) expect([answer.statusCode, answer.body]).toEqual([404, GONE]);
    },
  );
});

describe('burn', () => {
  it.each(['receipt', 'private', 'guest/receipt'])('works at %s, once', async (name) => {
    const { receiptKey: key, key: secretKey } = await conceal(
      { recipient: 'a@example.com' },
      'owner',
    );
    const answer = await burn(key, { continue: 'true' }, name);
    const { record, details } = burnedAnswer.parse(answer.json());
    expect(record).toMatchObject({ state: 'burned', is_burned: true, share_url: null });
    expect(record).not.toHaveProperty('secret_identifier');
    expect(record.expiration_in_seconds).toBeGreaterThan(7 * DAY);
    expect(details).toMatchObject({ title: 'Secret burned', show_recipients: true });
    const again = await burn(key, BURN, name);
    expect([again.statusCode, again.body]).toEqual([404, GONE]);
    const read = await call(`POST /api/v2/secret/${secretKey}/reveal`, BURN);
    expect([read.statusCode, read.body]).toEqual([404, GONE]);
  });

  it('without continue is refused, and looks at no passphrase', async () => {
    const { receiptKey: key } = await conceal({ passphrase: 'right' });
    for (const body of [{}, { continue: false, passphrase: 'right' }, { passphrase: 'wrong' }]) {
      const answer = await burn(key, body);
      expect([answer.statusCode, answer.json()]).toMatchObject([422, { field: 'continue' }]);
    }
    expect((await receiptOf(key)).record.state).toBe('new');
  });

  it('tells a wrong or missing passphrase from a right one', async () => {
    const { receiptKey: key } = await conceal({ passphrase: 'right' });
    for (const passphrase of ['wrong', '', undefined]) {
      const answer = await burn(key, { ...BURN, passphrase });
      expect([answer.statusCode, answer.json()]).toMatchObject([
        422,
        { error: 'Double check that passphrase' },
      ]);
    }
    expect((await burn(key, { ...BURN, passphrase: 'right' })).statusCode).toBe(200);
  });
});

describe('a memo', () => {
  const write = (key: string, body: object, who: Who = 'owner', name = 'receipt') =>
    call(`PATCH /api/v2/${name}/${key}`, body, who);

  it.each(['receipt', 'private'])('is written by the owner at %s, and shown', async (name) => {
    const { receiptKey: key } = await conceal({}, 'owner');
    const answer = await write(key, { memo: '  for <b>Ann</b>\n  Smith ' }, 'owner', name);
    expect(memoAnswer.parse(answer.json()).record.memo).toBe('for Ann Smith');
    expect((await receiptOf(key)).record.memo).toBe('for Ann Smith');
    const list = recentAnswer.parse(
      (await call('GET /api/v2/receipt/recent', undefined, 'owner')).json(),
    );
    expect(list.records[0]).toMatchObject({ key, memo: 'for Ann Smith' });
  });

  it('is kept by a request without one, and removed by an empty one', async () => {
    const { receiptKey: key } = await conceal({}, 'owner');
    await write(key, { memo: 'x' });
    expect(memoAnswer.parse((await write(key, {})).json()).record.memo).toBe('x');
    expect(memoAnswer.parse((await write(key, { memo: '' })).json()).record.memo).toBeNull();
  });

  it('is cut at 500 characters', async () => {
    const { receiptKey: key } = await conceal({}, 'owner');
    await write(key, { memo: '😀'.repeat(501) });
    expect((await receiptOf(key)).record.memo).toBe('😀'.repeat(500));
  });

  it.each(['anonymous', 'stranger', 'wrong'] as const)('of the %s is refused', async (who) => {
    const { receiptKey: key } = await conceal({}, 'owner');
    const answer = await write(key, { memo: 'x' }, who);
    expect([answer.statusCode, answer.json()]).toMatchObject([401, { error_type: 'Unauthorized' }]);
    expect((await receiptOf(key)).record.memo).toBeNull();
  });

  it('cannot be written on a receipt without an owner', async () => {
    const { receiptKey: key } = await conceal();
    expect((await write(key, { memo: 'x' })).statusCode).toBe(401);
  });

  it('is not in the database in clear', async () => {
    const { receiptKey: key } = await conceal({}, 'owner');
    await write(key, { memo: 'canary memo' });
    const rows = await tenants.database.dataSource.query<{ text: string }[]>(
      `select encode(sealed_memo, 'escape') as text from receipts where sealed_memo is not null`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });
});

describe('the recent list', () => {
  it.each(['receipt', 'private'])(
    'at %s has the receipts of every way, and no link',
    async (name) => {
      const { receiptKey: key, key: secretKey } = await conceal({}, 'owner');
      const made = await tenants.share('R', 'owner');
      await call(`POST /api/v2/secret/${made.secretKey}/reveal`, BURN);
      const answer = await call(`GET /api/v2/${name}/recent`, undefined, 'owner');
      const { custid, count, records, details } = recentAnswer.parse(answer.json());
      expect([custid, count]).toEqual([OWNER.email, records.length]);
      expect(records.slice(0, 2)).toMatchObject([
        { key: made.metadataKey, state: 'revealed', custid: OWNER.email },
        { key, state: 'new', secret_shortid: secretKey.slice(0, 8) },
      ]);
      expect(details.revealed_receipts[0]).toMatchObject({ key: made.metadataKey });
      expect(details.pending_receipts[0]).toMatchObject({ key });
      expect(answer.body).not.toContain(secretKey);
      expect(answer.body).not.toContain('secret_identifier');
      const v1 = await call('GET /api/v1/private/recent', undefined, 'owner');
      expect(v1.json<{ metadata_key: string }[]>().map((each) => each.metadata_key)).toContain(key);
    },
  );

  it.each(['org', 'domain'])('of a %s is in no plan', async (scope) => {
    const answer = await call(`GET /api/v2/receipt/recent?scope=${scope}`, undefined, 'owner');
    expect([answer.statusCode, answer.json()]).toMatchObject([
      403,
      { error_type: 'EntitlementRequired', entitlement: 'audit_logs', upgrade_to: null },
    ]);
  });
});
