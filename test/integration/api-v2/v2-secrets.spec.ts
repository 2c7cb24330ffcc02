import {
  createdAnswer,
  receiptAnswer,
  secretAnswer,
  statusAnswer,
  statusListAnswer,
} from '../../../src/api/v2/v2-answers.js';
import { v2ErrorSchema } from '../../../src/api/v2/v2-errors.js';
import { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import { lookupOf } from '../../../src/secrets/secret-key.js';
import { OWNER, TwoTenants, type Who } from '../api-domains/two-tenants.js';

const KEY = /^[0-9a-z]{31}$/;
const DAY = 86_400;
const GONE = '{"error":"Unknown secret","error_type":"RecordNotFound","request_id":"test"}';
const NEVER = '0'.repeat(31);

/** Counts what is stretched. */
class CountingQueue extends PassphraseQueue {
  stretched = 0;

  protected override hash(passphrase: string, salt: Buffer): Promise<Buffer> {
    this.stretched += 1;
    return super.hash(passphrase, salt);
  }
}

const queue = new CountingQueue();
let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start({ queue });
});
afterAll(() => tenants.close());

const call = (line: string, body?: object | string, who: Who = 'anonymous') =>
  tenants.call('R', who, line, body);

async function conceal(fields: object = {}, who: Who = 'anonymous') {
  const body = { secret: { secret: 'hello', ...fields } };
  const answer = await call('POST /api/v2/secret/conceal', body, who);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  const { record, details } = createdAnswer.parse(answer.json());
  return { ...record, details, key: record.secret.key, receiptKey: record.receipt.key };
}

async function generate(fields: object = {}, who: Who = 'anonymous') {
  const answer = await call('POST /api/v2/secret/generate', { secret: fields }, who);
  return createdAnswer.parse(answer.json()).record;
}

const reveal = (key: string, body: object = { continue: true }) =>
  call(`POST /api/v2/secret/${key}/reveal`, body);

async function receiptOf(key: string, who: Who = 'anonymous') {
  return receiptAnswer.parse((await call(`GET /api/v2/receipt/${key}`, undefined, who)).json());
}

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

describe('show and status', () => {
  it('tell of an unread secret, count a look, and consume nothing', async () => {
    const { key, receiptKey } = await conceal({ passphrase: 'right' });
    expect((await receiptOf(receiptKey)).record).toMatchObject({ is_previewed: false });
    const paths = ['', '?continue=true', '?continue=true&passphrase=right'];
    for (const query of paths) {
      const shown = await call(`GET /api/v2/secret/${key}${query}`);
      expect(secretAnswer.parse(shown.json())).toMatchObject({
        record: { identifier: key, state: 'new', has_passphrase: true, is_previewed: true },
        details: { continue: false, show_secret: false, is_owner: false, one_liner: null },
      });
    }
    const status = await call(`GET /api/v2/secret/${key}/status`);
    const { record, details } = statusAnswer.parse(status.json()) as {
      record: object;
      details?: { current_expiration: number };
    };
    expect(record).toMatchObject({ state: 'new', secret_ttl: 7 * DAY });
    expect(details?.current_expiration).toBeGreaterThan(7 * DAY - 60);

    const receipt = await receiptOf(receiptKey);
    expect(receipt.record).toMatchObject({ state: 'new', is_viewed: true });
    expect(receipt.details).toMatchObject({
      view_count: 4,
      first_access: receipt.record.previewed,
    });
  });

  it('count no look by HEAD, by a reveal without continue, or in a list', async () => {
    const { key, receiptKey } = await conceal();
    await call(`HEAD /api/v2/secret/${key}`);
    await call(`HEAD /api/v2/secret/${key}/status`);
    await reveal(key, {});
    await call('POST /api/v2/secret/status', { identifiers: key });
    const { record, details } = await receiptOf(receiptKey);
    expect([record.previewed, record.is_previewed, details.view_count]).toEqual([null, false, 0]);
  });

  it('say unknown with 200, or 404, of a secret that is gone', async () => {
    const status = await call(`GET /api/v2/secret/${NEVER}/status`);
    expect([status.statusCode, status.body]).toEqual([200, '{"record":{"state":"unknown"}}']);
    const shown = await call(`GET /api/v2/secret/${NEVER}`);
    expect([shown.statusCode, shown.body]).toEqual([404, GONE]);
  });

  it('of several take a text with commas, or a list, and leave out what is gone', async () => {
    const [one, two] = [await conceal(), await conceal({ passphrase: 'right' })];
    for (const identifiers of [
      `${one.key}, ${NEVER},${two.key},${one.key}`,
      [one.key, NEVER, two.key],
    ]) {
      const answer = await call('POST /api/v2/secret/status', { identifiers });
      const { records, count } = statusListAnswer.parse(answer.json());
      expect([count, records.map(({ key }) => key)]).toEqual([2, [one.key, two.key]]);
    }
    const none = await call('POST /api/v2/secret/status', {});
    expect(none.json()).toEqual({ records: [], count: 0 });
    const many = await call('POST /api/v2/secret/status', { identifiers: Array(101).fill(NEVER) });
    expect([many.statusCode, many.json()]).toMatchObject([422, { field: 'identifiers' }]);
  });
});

describe('reveal', () => {
  it('gives the value once', async () => {
    const { key } = await conceal({ secret: 'one\ntwo' });
    const answer = secretAnswer.parse((await reveal(key, { continue: 'true' })).json());
    expect(answer).toMatchObject({
      record: { secret_value: 'one\ntwo', state: 'revealed', is_received: true },
      details: { continue: true, show_secret: true, display_lines: 5, one_liner: false },
    });
    const again = await reveal(key);
    expect([again.statusCode, again.body]).toEqual([404, GONE]);
  });

  it('without continue shows nothing, and looks at no passphrase', async () => {
    const { key, receiptKey } = await conceal({ passphrase: 'right' });
    const answers = [
      await reveal(key, {}),
      await reveal(key, { continue: false, passphrase: 'right' }),
      await reveal(key, { passphrase: 'wrong' }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toBe(answers[0]?.body);
      expect(secretAnswer.parse(answer.json()).details.show_secret).toBe(false);
    }
    expect((await receiptOf(receiptKey)).record.state).toBe('new');
  });

  it('costs the same for a secret that is gone: a passphrase is stretched, and only with continue', async () => {
    const { key } = await conceal({ passphrase: 'right' });
    for (const asked of [key, NEVER]) {
      queue.stretched = 0;
      await reveal(asked, { passphrase: 'wrong' });
      await reveal(asked, { continue: true });
      expect(queue.stretched).toBe(0);
      await reveal(asked, { continue: true, passphrase: 'wrong' });
      expect(queue.stretched).toBe(1);
    }
  });

  it('says that a damaged secret does not open, and consumes nothing', async () => {
    const { key, receiptKey } = await conceal();
    await tenants.database.dataSource.query(
      'update secrets set ciphertext = set_byte(ciphertext, 20, 255 - get_byte(ciphertext, 20)) where lookup = $1',
      [lookupOf('secret', key)],
    );
    const answer = await reveal(key);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      { error_type: 'SecretUndecryptable', code: 'secret_undecryptable', retry_after: 5 },
    ]);
    expect((await receiptOf(receiptKey)).record.state).toBe('new');
  });

  it('answers a wrong or missing passphrase like a secret that is gone', async () => {
    const { key } = await conceal({ passphrase: 'right' });
    for (const passphrase of ['wrong', '', undefined]) {
      const answer = await reveal(key, { continue: true, passphrase });
      expect([answer.statusCode, answer.body]).toEqual([404, GONE]);
    }
    const right = await reveal(key, { continue: true, passphrase: 'right' });
    expect(right.json()).toMatchObject({ record: { has_passphrase: true, secret_value: 'hello' } });
  });
});
