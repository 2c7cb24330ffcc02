import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer } from '../support/https-client.js';
import { pressAsPerson } from '../support/person.js';
import { expireSecret } from '../support/region-database.js';
import { V1Caller } from '../support/v1-caller.js';

let gateway: GatewayProcess;
let anonymous: V1Caller;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  anonymous = new V1Caller(gateway, 'eu');
});

afterAll(() => gateway.stop());

const NEVER_MADE = '0123456789abcdefghijklmnopqrstu';

interface Gone {
  /** As in the path. */
  readonly key: string;
  /** As in the answer: without characters that no key contains, and shortened. Default: `key`. */
  readonly echo?: string;
  readonly passphrase?: string;
  readonly path?: string;
}

/** Every case in which nothing can be revealed. */
const KINDS: Readonly<Record<string, () => Gone | Promise<Gone>>> = {
  'never existed': () => ({ key: NEVER_MADE }),
  'never existed, asked with a passphrase': () => ({ key: NEVER_MADE, passphrase: 'open sesame' }),
  short: () => ({ key: 'abc' }),
  'one character': () => ({ key: '_' }),
  'one character too many': () => ({ key: `${NEVER_MADE}0` }),
  'over-long': () => ({ key: 'x'.repeat(500), echo: 'x'.repeat(100) }),
  'far over-long': () => ({ key: 'y'.repeat(6000), echo: 'y'.repeat(100) }),
  'in upper case': () => ({ key: NEVER_MADE.toUpperCase() }),
  undecodable: () => ({ key: '%zz', echo: 'zz' }),
  'no UTF-8': () => ({ key: '%ff%fe', echo: 'fffe' }),
  escaped: () => ({ key: 'a%20b%3Cc%3E%00', echo: 'abc' }),
  markup: () => ({ key: '%22%3E%3Cscript%3E', echo: 'script' }),
  'beyond ASCII': () => ({ key: '%C3%BC%F0%9F%98%80ab', echo: 'ab' }),
  'nothing that a key contains': () => ({ key: '%20%20', echo: '' }),
  'a slash': () => ({ key: 'a%2Fb', echo: 'ab' }),
  dots: () => ({ key: '..%2f..%2fstatus', echo: 'status' }),
  'with a query': () => ({ key: NEVER_MADE, path: '?continue=true' }),
  expired: async () => {
    const { secret_key: key } = await anonymous.share('hello');
    await expireSecret(gateway, 'eu', key);
    return { key };
  },
  'expired, asked with its passphrase': async () => {
    const passphrase = 'open sesame';
    const { secret_key: key } = await anonymous.share('hello', { passphrase });
    await expireSecret(gateway, 'eu', key);
    return { key, passphrase };
  },
  revealed: async () => {
    const { secret_key: key } = await anonymous.share('hello');
    await anonymous.reveal(key);
    return { key };
  },
  burned: async () => {
    const { secret_key: key, metadata_key } = await anonymous.share('hello');
    await anonymous.burn(metadata_key);
    return { key };
  },
  'wrong passphrase': async () => {
    const { secret_key: key } = await anonymous.share('hello', { passphrase: 'open sesame' });
    return { key, passphrase: 'wrong' };
  },
  'missing passphrase': async () => {
    const { secret_key: key } = await anonymous.share('hello', { passphrase: 'open sesame' });
    return { key };
  },
  'another region’s': async () => ({
    key: (await new V1Caller(gateway, 'us').share('hello')).secret_key,
  }),
  'another region’s, asked with its passphrase': async () => {
    const passphrase = 'open sesame';
    return {
      key: (await new V1Caller(gateway, 'us').share('hello', { passphrase })).secret_key,
      passphrase,
    };
  },
  'a metadata key': async () => ({ key: (await anonymous.share('hello')).metadata_key }),
};

async function answerTo({ key, passphrase, path = '' }: Gone): Promise<Answer> {
  return anonymous.reveal(`${key}${path}`, passphrase === undefined ? {} : { passphrase });
}

/** The answer without the headers that differ between any two requests. */
function comparable({ status, headers, text }: Answer, echo: string) {
  const { date, 'x-request-id': requestId, 'content-length': length, ...rest } = headers;
  expect([typeof date, typeof requestId, length]).toEqual([
    'string',
    'string',
    String(Buffer.byteLength(text)),
  ]);
  return {
    status,
    text: text.replace(`"${echo}"`, '"KEY"'),
    headers: rest,
    names: Object.keys(headers),
  };
}

describe('a reveal answers alike for every gone secret', () => {
  it.each(Object.keys(KINDS))('%s', async (kind) => {
    const reference = comparable(await answerTo({ key: NEVER_MADE }), NEVER_MADE);
    expect([reference.status, reference.text]).toEqual([
      404,
      '{"secret_key":"KEY","message":"Unknown secret"}',
    ]);

    const gone = await KINDS[kind]?.();
    if (gone === undefined) throw new Error('no such kind');
    expect(comparable(await answerTo(gone), gone.echo ?? gone.key)).toEqual(reference);
  });

  it('a failed reveal leaves the secret for a later one', async () => {
    const passphrase = 'open sesame';
    const { secret_key, metadata_key } = await anonymous.share('hello', { passphrase });
    await anonymous.reveal(secret_key, { passphrase: 'wrong' });
    await new V1Caller(gateway, 'us').reveal(secret_key, { passphrase });
    expect((await anonymous.metadata(metadata_key)).state).toBe('new');
    expect((await anonymous.reveal(secret_key, { passphrase })).json()).toMatchObject({
      value: 'hello',
    });
  });
});

/** The request id is in the body too, so the test sets it. */
const v2 = (path: string, body?: object): Promise<Answer> =>
  gateway.call('eu', {
    path: `/api/v2${path}`,
    headers: { 'x-request-id': 'test', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const V2_GONE = '{"error":"Unknown secret","error_type":"RecordNotFound","request_id":"test"}';

describe('API v2 answers alike for every gone secret', () => {
  // A query that the test of v1 adds would be read as parameters.
  const kinds = Object.keys(KINDS).filter((kind) => kind !== 'with a query');

  it.each(kinds)('%s', async (kind) => {
    const reveal = (key: string, passphrase?: string) =>
      v2(`/secret/${key}/reveal`, { continue: true, passphrase });
    const reference = comparable(await reveal(NEVER_MADE), '');
    expect([reference.status, reference.text]).toEqual([404, V2_GONE]);

    const { key, passphrase } = (await KINDS[kind]?.()) ?? { key: '' };
    expect(comparable(await reveal(key, passphrase), '')).toEqual(reference);
    const guest = await v2(`/guest/secret/${key}/reveal`, { continue: true, passphrase });
    expect(comparable(guest, '')).toEqual(reference);
    // Whether it has a passphrase is no secret: only these two kinds are still there.
    if (kind.endsWith('g passphrase')) return;
    expect(comparable(await v2(`/secret/${key}/reveal`, {}), '')).toEqual(reference);
    const shown = comparable(await v2(`/secret/${key}`), '');
    expect(shown).toEqual(comparable(await v2(`/secret/${NEVER_MADE}`), ''));
    expect([shown.status, shown.text]).toEqual([404, V2_GONE]);
    const status = await v2(`/secret/${key}/status`);
    expect([status.status, status.text]).toEqual([200, '{"record":{"state":"unknown"}}']);
    const list = await v2('/secret/status', { identifiers: [decodeURIComponentOr(key)] });
    expect(list.text).toBe('{"records":[],"count":0}');
  });

  it.each(['never existed', 'short', 'over-long', 'undecodable', 'escaped', 'another region’s'])(
    'and for every gone receipt: %s',
    async (kind) => {
      const { key } = (await KINDS[kind]?.()) ?? { key: '' };
      for (const name of ['receipt', 'private', 'guest/receipt']) {
        const answers = [
          await v2(`/${name}/${key}`),
          await v2(`/${name}/${key}/burn`, { continue: true }),
          await v2(`/${name}/${key}/burn`, { continue: true, passphrase: 'open sesame' }),
        ];
        for (const { status, text } of answers) expect([status, text]).toEqual([404, V2_GONE]);
      }
    },
  );

  it('an unread secret survives every request but a reveal', async () => {
    const { secret_key, metadata_key } = await anonymous.share('hello');
    for (const method of ['GET', 'HEAD'])
      for (const path of [
        `secret/${secret_key}?continue=true`,
        `secret/${secret_key}/status`,
        `receipt/${metadata_key}`,
      ])
        expect((await gateway.call('eu', { method, path: `/api/v2/${path}` })).status).toBe(200);
    await v2(`/secret/${secret_key}/reveal`, {});
    await v2(`/receipt/${metadata_key}/burn`, {});
    await v2('/secret/status', { identifiers: secret_key });
    expect((await anonymous.metadata(metadata_key)).state).toBe('new');
    expect((await v2(`/secret/${secret_key}/reveal`, { continue: true })).json()).toMatchObject({
      record: { secret_value: 'hello' },
    });
  });
});

function decodeURIComponentOr(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

describe('metadata and burn answer alike for every gone secret', () => {
  it.each([
    'never existed',
    'short',
    'over-long',
    'undecodable',
    'escaped',
    'another region’s',
    'nothing that a key contains',
  ])('%s', async (kind) => {
    const { key, echo = key } = (await KINDS[kind]?.()) ?? { key: '' };
    const reference = comparable(await anonymous.get(`/private/${NEVER_MADE}`), NEVER_MADE);
    expect(reference.text).toBe('{"secret_key":"KEY","message":"Unknown secret"}');
    for (const name of ['private', 'metadata', 'receipt']) {
      expect(comparable(await anonymous.get(`/${name}/${key}`), echo)).toEqual(reference);
      expect(comparable(await anonymous.post(`/${name}/${key}`), echo)).toEqual(reference);
      expect(comparable(await anonymous.post(`/${name}/${key}/burn`), echo)).toEqual(reference);
      expect(comparable(await anonymous.burn(key, { passphrase: 'open sesame' }), echo)).toEqual(
        reference,
      );
    }
  });

  it('do not accept a secret key as a metadata key', async () => {
    const { secret_key } = await anonymous.share('hello');
    expect((await anonymous.get(`/private/${secret_key}`)).status).toBe(404);
    expect((await anonymous.burn(secret_key)).status).toBe(404);
    expect((await anonymous.reveal(secret_key)).status).toBe(200);
  });
});

describe('the pages answer alike for every gone secret', () => {
  const open = (key: string, passphrase = ''): Promise<Answer> =>
    pressAsPerson((call) => gateway.call('eu', call), {
      page: `/secret/${key}`,
      fields: { passphrase },
    });

  it.each(Object.keys(KINDS).filter((kind) => !kind.endsWith('passphrase')))('%s', async (kind) => {
    const { key } = (await KINDS[kind]?.()) ?? { key: '' };
    const look = (asked: string) => gateway.call('eu', { path: `/secret/${asked}` });
    const reference = comparable(await look(NEVER_MADE), NEVER_MADE);
    expect(reference.status).toBe(404);
    expect(comparable(await look(key), key)).toEqual(reference);
    expect(comparable(await open(key), key)).toEqual(reference);
    expect(comparable(await open(key, 'open sesame'), key)).toEqual(reference);
  });
});
