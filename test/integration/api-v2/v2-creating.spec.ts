import { createdAnswer } from '../../../src/api/v2/v2-answers.js';
import { v2ErrorSchema } from '../../../src/api/v2/v2-errors.js';
import { OWNER, TwoTenants } from '../api-domains/two-tenants.js';
import { DAY, V2Calls } from './v2-calls.js';

const KEY = /^[0-9a-z]{31}$/;

let tenants: TwoTenants;
const { call, conceal, generate, reveal, receiptOf } = new V2Calls(() => tenants);

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());

describe('conceal', () => {
  it('answers with the receipt, twice, and the secret, in native types', async () => {
    const { receipt, metadata, secret, share_domain: domain, details } = await conceal();
    expect(metadata).toEqual(receipt);
    expect(receipt).toMatchObject({
      identifier: expect.stringMatching(KEY),
      custid: null,
      owner_id: null,
      state: 'new',
      secret_identifier: secret.identifier,
      secret_shortid: secret.identifier.slice(0, 8),
      secret_ttl: 7 * DAY,
      lifespan: 7 * DAY,
      receipt_ttl: 7 * DAY,
      recipients: '',
      memo: null,
      recipient_name: null,
      kind: 'conceal',
      is_previewed: false,
      is_destroyed: false,
    });
    expect(secret).toMatchObject({ state: 'new', has_passphrase: false, verification: false });
    expect([domain, details]).toEqual([
      null,
      { kind: 'conceal', recipient: [], recipient_safe: [] },
    ]);
  });

  it('names the owner by address and by external id', async () => {
    const { receipt } = await conceal({}, 'owner');
    expect(receipt).toMatchObject({
      custid: OWNER.email,
      owner_id: expect.stringMatching(/^ur[0-9a-z]{25}$/),
    });
    const shown = await receiptOf(receipt.key);
    expect(shown.record).toMatchObject({ custid: OWNER.email, owner_id: receipt.owner_id });
  });

  it('shows recipients in clear to their sender and else masked by three stars', async () => {
    const { receipt, details } = await conceal({ recipient: 'Foo.Bar@example.com' }, 'owner');
    expect(details).toMatchObject({
      recipient: ['foo.bar@example.com'],
      recipient_safe: ['fo***@e***.com'],
      // No mail is sent here.
      email_sent: false,
    });
    expect(receipt).toMatchObject({ recipients: 'fo***@e***.com', show_recipients: true });
  });

  it.each([
    [undefined, 7 * DAY],
    [null, 7 * DAY],
    ['', 7 * DAY],
    [0, 7 * DAY],
    ['3600', 3600],
    [3600.9, 3600],
    [1, 60],
    [-5, 60],
    ['soon', 60],
    [10 ** 9, 7 * DAY],
  ])('grants a ttl of %j as %d seconds', async (ttl, seconds) => {
    expect((await conceal({ ttl })).secret.lifespan).toBe(seconds);
  });

  it.each([
    ['JSON', 'application/json', '{"secret":{"secret":"v x","ttl":"60"}}'],
    [
      'JSON of Windows PowerShell',
      'application/x-www-form-urlencoded',
      '{"secret":{"secret":"v x","ttl":60}}',
    ],
    ['a form', 'application/x-www-form-urlencoded', 'secret[secret]=v+x&secret[ttl]=60'],
    ['an escaped form', undefined, 'secret%5Bsecret%5D=v%20x&secret%5Bttl%5D=60'],
    [
      'multipart',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="secret[secret]"\r\n\r\nv x\r\n--b\r\nContent-Disposition: form-data; name="secret[ttl]"\r\n\r\n60\r\n--b--\r\n',
    ],
  ])('reads %s', async (_format, type, payload) => {
    const answer = await tenants.post('/api/v2/secret/conceal', payload, type);
    const { record } = createdAnswer.parse(answer.json());
    expect(record.secret.lifespan).toBe(60);
    expect((await reveal(record.secret.key)).json()).toMatchObject({
      record: { secret_value: 'v x' },
    });
  });

  it('keeps a value byte for byte', async () => {
    const value = ' grüße\r\n😀\u0000\n{"secret":1} <b>\n';
    const { key } = await conceal({ secret: value });
    expect((await reveal(key)).json()).toMatchObject({ record: { secret_value: value } });
  });

  it.each([
    [
      {},
      422,
      { error: 'You did not provide anything to share', error_type: 'missing', field: 'secret' },
    ],
    [{ secret: {} }, 422, { error_type: 'missing', field: 'secret' }],
    [{ secret: 'text' }, 422, { error: 'Incorrect payload format' }],
    [
      { secret: { secret: 'x' }, passphrase: 'beside' },
      422,
      { error: 'Incorrect payload format', field: 'passphrase' },
    ],
    [[], 422, { error: 'Incorrect payload format' }],
    [
      { secret: { secret: 'x', passphrase: 'abc' } },
      422,
      { error: 'Passphrase must be at least 4 characters long', field: 'passphrase' },
    ],
    [{ secret: { secret: { deep: 1 } } }, 422, { field: 'secret' }],
    [
      { secret: { secret: 'x', recipient: 'a@example.com' } },
      401,
      {
        error: 'An account is required to send emails.',
        error_type: 'Unauthorized',
        field: 'recipient',
      },
    ],
    ['{"secret":', 400, { error_type: 'BadRequest' }],
    ['\ud800', 400, {}],
  ] as const)('refuses %j with %d', async (body, status, fields) => {
    const answer = await call('POST /api/v2/secret/conceal', body);
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      expect.objectContaining({ ...fields, request_id: 'test' }),
    ]);
    v2ErrorSchema.strict().parse(answer.json());
  });

  it('refuses a value that is too long, and cuts nothing', async () => {
    for (const [who, bytes] of [
      ['anonymous', 10_000],
      ['owner', 100_000],
    ] as const) {
      const body = (length: number) => ({ secret: { secret: 'x'.repeat(length) } });
      const answer = await call('POST /api/v2/secret/conceal', body(bytes + 1), who);
      expect([answer.statusCode, answer.json()]).toMatchObject([
        422,
        { error: `Secret content must be no more than ${bytes} bytes long`, field: 'secret' },
      ]);
      expect((await call('POST /api/v2/secret/conceal', body(bytes), who)).statusCode).toBe(200);
    }
  });

  it('refuses a bad recipient of an account, and names it', async () => {
    const body = { secret: { secret: 'x', recipient: ['nobody'] } };
    const answer = await call('POST /api/v2/secret/conceal', body, 'owner');
    expect([answer.statusCode, answer.json()]).toEqual([
      422,
      {
        error: 'Undeliverable email address: nobody',
        error_type: 'invalid_email',
        field: 'recipient',
        request_id: 'test',
      },
    ]);
  });
});

describe('generate', () => {
  it.each([[undefined], [{}], [{ secret: {} }], [{ secret: null }]])(
    'works with %j',
    async (body) => {
      const answer = await call('POST /api/v2/secret/generate', body);
      expect(createdAnswer.parse(answer.json()).record.receipt.kind).toBe('generate');
      expect(answer.body).not.toContain('secret_value');
    },
  );

  it('gives its maker the value once, and leaves the secret unread', async () => {
    const { receipt, secret } = await generate({
      length: '20',
      character_sets: { symbols: false, uppercase: 'false', lowercase: false },
    });
    await call(`HEAD /api/v2/receipt/${receipt.key}`);
    const { details } = await receiptOf(receipt.key);
    expect(details.secret_value).toMatch(/^[2-9]{20}$/);
    expect((await receiptOf(receipt.key)).details.secret_value).toBeNull();
    expect((await reveal(secret.key)).json()).toMatchObject({
      record: { secret_value: details.secret_value },
    });
  });

  it('gives no value of a secret with a passphrase, or after a minute', async () => {
    const locked = await generate({ passphrase: 'right' });
    expect((await receiptOf(locked.receipt.key)).details.secret_value).toBeNull();
    const late = await generate();
    await tenants.database.dataSource.query(
      "update receipts set created_at = now() - interval '61 seconds' where kind = 'generate'",
    );
    expect((await receiptOf(late.receipt.key)).details.secret_value).toBeNull();
  });

  it.each([
    [{ length: 129 }, 'Generated password length must be no more than 128 characters'],
    [{ length: 'long' }, 'length must be a whole number'],
  ])('refuses %j and names the field', async (secret, error) => {
    const answer = await call('POST /api/v2/secret/generate', { secret });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ error, field: 'length' });
  });
});

describe('a field of the wrong type', () => {
  const of = (text: string): readonly string[] => text.split(' ');
  const FIELDS = {
    'secret/conceal': of('ttl passphrase passphrase_attempts language share_domain secret'),
    'secret/generate': of('length character_sets'),
  };
  const cases = Object.entries(FIELDS).flatMap(([route, fields]) =>
    fields.map((field) => [route, field] as const),
  );

  it.each(cases)('of %s is refused by name: %s', async (route, field) => {
    for (const value of [true, ['x'], [null], { x: {} }].slice(
      0,
      field === 'character_sets' ? 3 : 4,
    )) {
      const secret = { secret: 'hello', [field]: value };
      const answer = await call(`POST /api/v2/${route}`, { secret }, 'owner');
      expect([answer.statusCode, answer.json()]).toMatchObject([
        422,
        { error: `${field} has the wrong type`, error_type: 'ValidationFailed', field },
      ]);
    }
  });

  it.each([['secret/KEY/reveal'], ['receipt/KEY/burn']])('of %s too', async (route) => {
    const { key, receiptKey } = await conceal();
    const path = route.replace('KEY', route.startsWith('secret') ? key : receiptKey);
    for (const [field, value] of [
      ['continue', []],
      ['continue', [true]],
      ['continue', {}],
      ['passphrase', []],
      ['passphrase', false],
    ] as const) {
      const body = { continue: true, [field]: value };
      const answer = await call(`POST /api/v2/${path}`, body);
      expect([answer.statusCode, answer.json()]).toMatchObject([
        422,
        { error: `${field} has the wrong type`, field },
      ]);
    }
    expect((await receiptOf(receiptKey)).record.state).toBe('new');
  });

  it('is not looked at where the field is ignored', async () => {
    for (const kind of [true, [], {}, 1, null]) expect((await conceal({ kind })).key).toMatch(KEY);
  });
});

it('takes unset fields beside `secret`, which protect nothing', async () => {
  for (const unset of [null, ''])
    for (const field of ['passphrase', 'ttl', 'recipient', 'share_domain', 'length']) {
      const body = { secret: { secret: 'hello' }, [field]: unset };
      expect((await call('POST /api/v2/secret/conceal', body)).statusCode).toBe(200);
      expect((await call('POST /api/v2/secret/generate', body)).statusCode).toBe(200);
    }
});

describe('an option', () => {
  it.each([[true], ['true'], [1], ['1'], ['on'], ['yes'], ['TRUE']])(
    'is switched on by %j, as in v1',
    async (on) => {
      const fields = { length: 60, character_sets: { symbols: on, uppercase: false, digits: on } };
      const { receipt } = await generate(fields);
      const { secret_value: value } = (await receiptOf(receipt.key)).details;
      expect(value).toMatch(/[^a-z0-9]/);
      expect(value).not.toMatch(/[A-Z]/);
      const refused = await call('POST /api/v2/secret/generate', { secret: { notify_opened: on } });
      expect([refused.statusCode, refused.json()]).toMatchObject([401, { field: 'notify_opened' }]);
    },
  );

  it.each([[null], ['']])('is not set by %j', async (unset) => {
    const sets = { uppercase: unset, lowercase: false, digits: false };
    const { receipt } = await generate({ character_sets: sets, notify_opened: unset });
    expect((await receiptOf(receipt.key)).details.secret_value).toMatch(/^[A-Z]{12}$/);
  });
});

it.each([[20], ['20'], [' +20 '], ['20.0']])('generates as long as asked: %j', async (length) => {
  const { receipt } = await generate({ length });
  expect((await receiptOf(receipt.key)).details.secret_value).toHaveLength(20);
});
