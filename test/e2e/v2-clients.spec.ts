import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer, Call } from '../support/https-client.js';

// What published clients of API v2 send and read, as their sources of 2026 have it. The official Ruby client (the gem
// `onetime` 0.6, `onetimesecret` from 0.7 on) speaks v2 by default: JSON, HTTP Basic, no retry of a POST.

const EMAIL = 'sender@example.com';
const HOST = 'eu.onetime.localhost';

let gateway: GatewayProcess;
let token: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  token = (await gateway.account('eu', EMAIL)).auth.slice(EMAIL.length + 1);
});
afterAll(() => gateway.stop());

type Body = Readonly<Record<string, unknown>>;

/** One call of the Ruby client. Its base URL may end in a slash. */
async function ruby(line: string, body?: Body, login: string | null = EMAIL): Promise<Answer> {
  const [method = 'GET', path = ''] = line.split(' ');
  const json = JSON.stringify(body);
  return gateway.call('eu', {
    method,
    path: `/api/v2${path}`,
    headers: {
      accept: 'application/json',
      'user-agent': 'onetime-ruby/0.7.0 (Ruby/3.4.1)',
      'x-onetime-client': 'ruby:3.4.1/0.7.0',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: json }),
    ...(login === null ? {} : { auth: `${login}:${token}` }),
  });
}

/** The value at a path of the parsed answer, as `dig` of the client reads it. */
function dig(answer: Answer, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Body | undefined)?.[name], answer.json());
}

const OWNER_NAMES = [
  'custid',
  'customer_id',
  'owner',
  'owner_id',
  'organization',
  'organization_extid',
  'org_extid',
];
/** The client believes these before any owner. */
const ANONYMITY_NAMES = ['is_anonymous', 'anonymous', 'is_guest'];
const NOBODY = new Set(['', 'anon', 'anonymous', 'guest', 'null', 'nil', 'none']);

/** Whether the client warns that a record was made without the account: by the first owner that a part names. */
function isUnowned(answer: Answer): boolean | null {
  const record = dig(answer, 'record') as Body | undefined;
  const parts = [
    answer.json<Body>(),
    record,
    record?.['receipt'],
    record?.['secret'],
    record?.['metadata'],
    dig(answer, 'details'),
  ];
  const verdicts = parts.flatMap((part) => {
    if (typeof part !== 'object' || part === null) return [];
    const flag = ANONYMITY_NAMES.find((each) => each in part);
    if (flag !== undefined) return [/^(?:true|1|yes)$/i.test(String((part as Body)[flag]))];
    const name = OWNER_NAMES.find((each) => each in part);
    if (name === undefined) return [];
    const owner = (part as Body)[name];
    return [NOBODY.has((typeof owner === 'string' ? owner : '').trim().toLowerCase())];
  });
  return verdicts.length === 0 ? null : verdicts.includes(true);
}

const BY_TYPE: Readonly<Record<string, string>> = {
  FormError: 'BadRequestError',
  RecordNotFound: 'NotFoundError',
  NotFound: 'NotFoundError',
  Forbidden: 'ForbiddenError',
  GuestRoutesDisabled: 'ForbiddenError',
  EntitlementRequired: 'EntitlementError',
  LimitExceeded: 'RateLimitError',
  ServerError: 'ServerError',
};
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'BadRequestError',
  429: 'RateLimitError',
};

/** The class of the client's exception and its text. */
function raised(answer: Answer): readonly [string, unknown] {
  const { error, message, error_type: type } = answer.json();
  const byStatus = BY_STATUS[answer.status] ?? (answer.status >= 500 ? 'ServerError' : 'APIError');
  const name = BY_TYPE[String(type)] ?? byStatus;
  return [name, error ?? message];
}

describe('the Ruby client', () => {
  it('asks for status, version and locales, without credentials too', async () => {
    for (const login of [EMAIL, null]) {
      expect(dig(await ruby('GET /status', undefined, login), 'status')).toBe('nominal');
      const version = dig(await ruby('GET /version', undefined, login), 'version');
      expect((version as string[]).join('.')).toMatch(/^\d+\.\d+\.\d+$/);
      const locales = await ruby('GET /supported-locales', undefined, login);
      expect(dig(locales, 'locales')).toContain(dig(locales, 'default_locale'));
    }
  });

  it('conceals and reveals, with an account', async () => {
    const secret = { secret: 'grüße & more=\r\n', ttl: 3600, recipient: ['them@example.com'] };
    const made = await ruby('POST /secret/conceal', { secret });
    expect([made.status, isUnowned(made)]).toEqual([200, false]);
    const key = String(dig(made, 'record', 'secret', 'identifier'));
    // It takes a key out of a link with this pattern.
    const receipt = await ruby(
      `GET /receipt/${String(dig(made, 'record', 'receipt', 'identifier'))}`,
    );
    const link = String(dig(receipt, 'record', 'share_url'));
    expect(/\/secret\/([a-zA-Z0-9]+)/.exec(link)?.[1]).toBe(key);
    expect(isUnowned(receipt)).toBe(false);

    const shown = await ruby(`GET /secret/${key}`);
    expect(dig(shown, 'record', 'state')).toBe('new');
    const revealed = await ruby(`POST /secret/${key}/reveal`, { continue: true });
    expect(dig(revealed, 'record', 'secret_value')).toBe('grüße & more=\r\n');
    const again = await ruby(`POST /secret/${key}/reveal`, { continue: true });
    expect(raised(again)).toEqual(['NotFoundError', 'Unknown secret']);
  });

  it('is told by custid null that a record has no account', async () => {
    const anonymous = await ruby('POST /secret/conceal', { secret: { secret: 'x' } }, null);
    expect(isUnowned(anonymous)).toBe(true);
    const guest = await ruby('POST /guest/secret/conceal', { secret: { secret: 'x' } });
    expect(isUnowned(guest)).toBe(true);
  });

  it('signs in by the external id as by the address', async () => {
    const made = await ruby('POST /secret/generate', { secret: {} });
    const id = String(dig(made, 'record', 'receipt', 'owner_id'));
    const list = await ruby('GET /receipt/recent', undefined, id);
    expect(dig(list, 'custid')).toBe(EMAIL);
  });

  it('runs the guest flow of its own live tests', async () => {
    const made = await ruby(
      'POST /guest/secret/conceal',
      { secret: { secret: 'v', ttl: 60 } },
      null,
    );
    const receipt = String(dig(made, 'record', 'receipt', 'identifier'));
    expect((await ruby(`GET /guest/receipt/${receipt}`, undefined, null)).status).toBe(200);
    const key = String(dig(made, 'record', 'secret', 'identifier'));
    const revealed = await ruby(`POST /guest/secret/${key}/reveal`, { continue: true }, null);
    expect(dig(revealed, 'record', 'secret_value')).toBe('v');
    const missing = 'doesnotexist000000000000000000000';
    const gone = await ruby(`POST /guest/secret/${missing}/reveal`, { continue: true }, null);
    expect(raised(gone)[0]).toBe('NotFoundError');
    const generated = await ruby('POST /guest/secret/generate', { secret: { ttl: 60 } }, null);
    expect(dig(generated, 'record', 'receipt')).toBeDefined();
  });

  it('asks for several states with commas, notes, lists and burns', async () => {
    const keys: string[] = [];
    const receipts: string[] = [];
    for (const secret of ['a', 'b']) {
      const made = await ruby('POST /secret/conceal', { secret: { secret } });
      keys.push(String(dig(made, 'record', 'secret', 'identifier')));
      receipts.push(String(dig(made, 'record', 'receipt', 'identifier')));
    }
    const states = await ruby('POST /secret/status', { identifiers: keys.join(',') });
    expect(dig(states, 'count')).toBe(2);
    const noted = await ruby(`PATCH /receipt/${receipts[0]}`, { memo: 'note' });
    expect([dig(noted, 'record', 'memo'), isUnowned(noted)]).toEqual(['note', false]);
    const burned = await ruby(`POST /receipt/${receipts[0]}/burn`, { continue: true });
    expect([dig(burned, 'success'), isUnowned(burned)]).toEqual([true, false]);
    const again = await ruby(`POST /receipt/${receipts[0]}/burn`, { continue: true });
    expect(raised(again)[0]).toBe('NotFoundError');
    const recent = await ruby('GET /receipt/recent');
    expect([dig(recent, 'custid'), isUnowned(recent)]).toEqual([EMAIL, false]);
    const records = dig(recent, 'records') as Body[];
    expect(records[0]).toMatchObject({ key: receipts[0], state: 'burned', memo: 'note' });
  });

  it('raises the classes that its users rescue', async () => {
    const locked = await ruby('POST /secret/conceal', {
      secret: { secret: 'x', passphrase: 'right' },
    });
    const receipt = String(dig(locked, 'record', 'receipt', 'identifier'));
    const wrong = { continue: true, passphrase: 'wrong' };
    const cases: readonly (readonly [Answer, string])[] = [
      [await ruby('POST /secret/conceal', { secret: { secret: '' } }), 'BadRequestError'],
      [await ruby(`POST /receipt/${receipt}/burn`, wrong), 'BadRequestError'],
      [await ruby(`POST /receipt/${receipt}/burn`, { continue: false }), 'BadRequestError'],
      [await ruby('GET /status', undefined, 'nobody@example.com'), 'AuthenticationError'],
      [await ruby('GET /receipt/recent', undefined, null), 'AuthenticationError'],
      [await ruby('GET /receipt/recent?scope=org'), 'EntitlementError'],
      [
        await ruby('POST /secret/conceal', {
          secret: { secret: 'x', share_domain: 'secrets.example.com' },
        }),
        'ForbiddenError',
      ],
      [await ruby('GET /nothing'), 'NotFoundError'],
    ];
    for (const [answer, name] of cases) {
      expect(raised(answer)).toEqual([name, expect.any(String)]);
      expect(answer.headers['x-request-id']).toBe(dig(answer, 'request_id'));
    }
  });
});

describe('a client of HTTParty, as the older Ruby gems with apiversion 2', () => {
  it('sends nested forms', async () => {
    const form =
      'secret[secret]=hello%20there&secret[ttl]=3600&secret[recipient][]=a%40example.com';
    const request: Call = {
      path: '/api/v2/secret/conceal',
      body: form,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      auth: `${EMAIL}:${token}`,
    };
    const made = await gateway.call('eu', request);
    expect(dig(made, 'record', 'secret', 'lifespan')).toBe(3600);
    expect(dig(made, 'details', 'recipient')).toEqual(['a@example.com']);
    const key = String(dig(made, 'record', 'secret', 'key'));
    const revealed = await gateway.call('eu', {
      path: `/api/v2/secret/${key}/reveal`,
      body: { continue: 'true' },
    });
    expect(dig(revealed, 'record', 'secret_value')).toBe('hello there');
  });
});

describe('programs that conceal and make the link themselves', () => {
  const KEY = /^[a-z0-9]+$/;
  const conceal = (secret: Body, withAccount = true): Promise<Answer> =>
    gateway.call('eu', {
      path: '/api/v2/secret/conceal',
      body: JSON.stringify({ secret }),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      ...(withAccount ? { auth: `${EMAIL}:${token}` } : {}),
    });

  it.each([
    // The plugin of GLPI: the host that it asks is the share_domain too, and anything but 200 is a failure.
    ['GLPI', { kind: 'conceal', ttl: 86_400, share_domain: HOST, passphrase: 'four' }, true],
    ['GLPI, without a passphrase', { kind: 'conceal', ttl: 3600, share_domain: HOST }, true],
    // An extension of an editor, and a web service: a lifetime as text, nobody signed in.
    ['VS Code', { ttl: '604800' }, false],
    ['a web service', { kind: 'conceal', ttl: '172800' }, false],
  ] as const)('%s', async (_name, fields, withAccount) => {
    const made = await conceal({ ...fields, secret: 'hello' }, withAccount);
    expect(made.status).toBe(200);
    expect(dig(made, 'success')).toBe(true);
    const key = String(dig(made, 'record', 'secret', 'identifier'));
    expect(key).toMatch(KEY);
    expect(dig(made, 'record', 'metadata', 'identifier')).toMatch(KEY);
    expect(dig(made, 'record', 'secret', 'lifespan')).toBe(Number(fields.ttl));
    const page = await gateway.call('eu', { path: `/secret/${key}` });
    expect(page.status).toBe(200);
  });

  it('the gem onetime 0.6, which reads the older names too', async () => {
    const made = await conceal({ secret: 'mysecret', passphrase: 'mypass' });
    const key = String(dig(made, 'record', 'secret', 'key'));
    expect(key).toMatch(KEY);
    expect(key.startsWith(String(dig(made, 'record', 'secret', 'shortid')))).toBe(true);
    expect(dig(made, 'record', 'metadata', 'key')).toMatch(KEY);
  });
});

describe('OneTimeSecret-Client (Windows, Python requests)', () => {
  const python = (line: string, body?: Body): Promise<Answer> => {
    const [method = 'GET', path = ''] = line.split(' ');
    return gateway.call('eu', {
      method,
      path: `/api/v2${path}`,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      auth: `${EMAIL}:${token}`,
    });
  };

  /** `secret_state`, else the first flag that is set, else the state of the record. */
  function stateOf(answer: Answer): unknown {
    const record = dig(answer, 'record') as Body;
    const flags = ['burned', 'revealed', 'expired', 'orphaned', 'previewed'];
    const flagged = flags.find((state) => record[`is_${state}`] === true);
    return record['secret_state'] ?? flagged ?? record['state'];
  }

  it('conceals for its own host and follows the state', async () => {
    const secret = { kind: 'conceal', share_domain: HOST, secret: 'hello', ttl: 1_209_600 };
    const recipient = 'them@example.com';
    const made = await python('POST /secret/conceal', { secret: { ...secret, recipient } });
    const key = String(dig(made, 'record', 'secret', 'key'));
    expect(dig(made, 'record', 'secret', 'state')).toBe('new');
    // Without a domain in the answer it writes the link with the host that it asked.
    expect(dig(made, 'record', 'share_domain')).toBeNull();
    const receipt = `/receipt/${String(dig(made, 'record', 'receipt', 'identifier'))}`;
    await python(`GET /secret/${key}`);
    expect(stateOf(await python(`GET ${receipt}`))).toBe('new');
    await python(`POST /secret/${key}/reveal`, { continue: true });
    expect(stateOf(await python(`GET ${receipt}`))).toBe('revealed');
  });

  it('is told that a burn without `continue` burned nothing', async () => {
    const made = await python('POST /secret/conceal', { secret: { secret: 'hello' } });
    const receipt = `/receipt/${String(dig(made, 'record', 'receipt', 'identifier'))}`;
    // It takes any answer of 200 for burned.
    const refused = await python(`POST ${receipt}/burn`, {});
    expect([refused.status, dig(refused, 'field')]).toEqual([422, 'continue']);
    expect(stateOf(await python(`GET ${receipt}`))).toBe('new');
  });

  it('tests its login by the recent list', async () => {
    for (const path of ['/status', '/version', '/receipt/recent'])
      expect((await python(`GET ${path}`)).status).toBe(200);
  });
});

describe('PowerShell', () => {
  /** Windows PowerShell's Invoke-RestMethod: JSON as a form unless told otherwise, and `Expect` with every body. */
  const windows = (path: string, body: Body): Promise<Answer> =>
    gateway.call('eu', {
      path: `/api/v2${path}`,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/x-www-form-urlencoded', expect: '100-continue' },
      auth: `${EMAIL}:${token}`,
    });

  it('conceals, generates and reveals', async () => {
    const secret = { secret: 'hello', ttl: 3600, passphrase: '1234' };
    const made = await windows('/secret/conceal', { secret });
    const key = String(dig(made, 'record', 'secret', 'identifier'));
    const revealed = await windows(`/secret/${key}/reveal`, { continue: true, passphrase: '1234' });
    expect(dig(revealed, 'record', 'secret_value')).toBe('hello');
    expect((await windows('/secret/generate', {})).status).toBe(200);
  });

  it('can parse every answer: no object has two names that differ in case only', async () => {
    const made = await windows('/secret/conceal', { secret: { secret: 'hello' } });
    const receipt = String(dig(made, 'record', 'receipt', 'key'));
    const answers = [
      made,
      await ruby(`GET /receipt/${receipt}`),
      await ruby('GET /receipt/recent'),
      await windows(`/receipt/${receipt}/burn`, { continue: true }),
      await windows(`/receipt/${receipt}/burn`, { continue: true }),
    ];
    for (const answer of answers)
      JSON.parse(answer.text, (_name, value: unknown) => {
        const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
        expect(new Set(names.map((each) => each.toLowerCase())).size).toBe(names.length);
        return value;
      });
  });
});
