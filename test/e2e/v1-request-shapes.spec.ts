import type { OutgoingHttpHeaders } from 'node:http';
import { BOUNDARY, multipart, MULTIPART } from '../support/multipart-body.js';
import { outcomeOf, type Metadata } from '../support/v1-caller.js';
import { v1Scene } from '../support/v1-scene.js';

const URLENCODED = 'application/x-www-form-urlencoded';

const scene = v1Scene();

interface Shape {
  readonly query?: string;
  /** A list is sent as several headers of one name. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** Shares by one request of the given shape, without any other header or byte, and reveals the stored value. */
async function storedBy(
  shape: Shape,
  caller = scene.anonymous,
): Promise<{ value: unknown; made: Metadata }> {
  const { query = '', headers = {}, body } = shape;
  const answer = await caller.send({
    method: 'POST',
    path: `/share${query}`,
    headers: {
      'content-length': Buffer.byteLength(body ?? ''),
      ...headers,
    } as OutgoingHttpHeaders,
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  const made = answer.json<Metadata>();
  const revealed = await scene.anonymous.reveal(made.secret_key);
  return { value: revealed.json()['value'], made };
}

describe('where the parameters are', () => {
  const form = 'secret=hello+w%C3%B6rld&ttl=120';
  const json = JSON.stringify({ secret: 'hello wörld', ttl: 120 });

  it.each<readonly [string, Shape]>([
    ['1. urlencoded', { headers: { 'content-type': URLENCODED }, body: form }],
    [
      '1. urlencoded, with a charset',
      { headers: { 'content-type': `${URLENCODED}; charset=UTF-8` }, body: form },
    ],
    [
      '2. multipart',
      {
        headers: { 'content-type': MULTIPART },
        body: multipart([
          ['secret', 'hello wörld'],
          ['ttl', '120'],
        ]),
      },
    ],
    ['3. in the query, without a body', { query: `?${form}` }],
    [
      '3. in the query, with the type of JSON and no body',
      { query: `?${form}`, headers: { 'content-type': 'application/json' } },
    ],
    [
      '3. in the query, with the type of a form and no body',
      { query: `?${form}`, headers: { 'content-type': URLENCODED } },
    ],
    ['4. urlencoded without a Content-Type', { body: form }],
    ['4. urlencoded with an empty Content-Type', { headers: { 'content-type': '' }, body: form }],
    [
      '5. urlencoded with the type of JSON',
      { headers: { 'content-type': 'application/json' }, body: form },
    ],
    [
      '5. urlencoded with the type of text',
      { headers: { 'content-type': 'text/plain' }, body: form },
    ],
    [
      '5. urlencoded with the type of multipart',
      { headers: { 'content-type': 'multipart/form-data' }, body: form },
    ],
    ['5. urlencoded with an invalid type', { headers: { 'content-type': 'nonsense' }, body: form }],
    [
      '5. urlencoded, the second of two types',
      { headers: { 'content-type': ['application/json', URLENCODED] }, body: form },
    ],
    [
      '5. urlencoded, the first of two types',
      { headers: { 'content-type': [URLENCODED, 'application/json'] }, body: form },
    ],
    ['6. JSON', { headers: { 'content-type': 'application/json' }, body: json }],
    ['6. JSON without a Content-Type', { body: json }],
    ['6. JSON with the type of a form', { headers: { 'content-type': URLENCODED }, body: json }],
    [
      '6. JSON with numbers as strings',
      {
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: '{"secret":"hello wörld","ttl":"120"}',
      },
    ],
    [
      '11. with unknown parameters',
      { body: `${form}&shrimp=1&a[b][c]=2&continue=false&locale=de` },
    ],
    [
      '11. with unknown parameters in JSON',
      { body: JSON.stringify({ secret: 'hello wörld', ttl: 120, shrimp: null, a: { b: [1] } }) },
    ],
    ['body over query', { query: '?secret=no&ttl=999', body: form }],
    ['in query and body', { query: '?ttl=120', body: 'secret=hello+w%C3%B6rld' }],
  ])('%s', async (_name, shape) => {
    const { value, made } = await storedBy(shape);
    expect([value, made['ttl']]).toEqual(['hello wörld', 120]);
  });

  it.each([
    ['8. empty passphrase and recipient', 'secret=hello&passphrase=&recipient='],
    ['8. the same in brackets', 'secret=hello&passphrase=&recipient[]='],
  ])('%s count as absent', async (_name, body) => {
    const { value, made } = await storedBy({ body });
    expect(value).toBe('hello');
    expect(made).toMatchObject({ passphrase_required: false, recipient: [] });
  });

  it('9. ttl=0 is the default', async () => {
    expect((await storedBy({ body: 'secret=hello&ttl=0' })).made).toMatchObject({ ttl: 604_800 });
  });

  it.each([
    ['once', 'secret=x&recipient=foo%40example.com'],
    ['repeated', 'secret=x&recipient=foo%40example.com&recipient=bar%40example.org'],
    ['in brackets', 'secret=x&recipient[]=foo%40example.com&recipient[]=bar%40example.org'],
    ['in escaped brackets', 'secret=x&recipient%5B%5D=foo%40example.com'],
    [
      'as a JSON list',
      JSON.stringify({ secret: 'x', recipient: ['foo@example.com', 'bar@example.org'] }),
    ],
    ['as a JSON string', JSON.stringify({ secret: 'x', recipient: 'foo@example.com' })],
    ['twice the same', 'secret=x&recipient=foo%40example.com&recipient=FOO%40example.com'],
  ])('10. a recipient %s: the first is reported', async (_name, body) => {
    expect((await storedBy({ body }, scene.sender)).made['recipient']).toEqual([
      'fo*****@e*****.com',
    ]);
  });

  it('2. a multipart body takes every parameter of a form', async () => {
    const fields = [
      ['secret', 'x'],
      ['passphrase', ''],
      ['recipient', 'foo@example.com'],
      ['ttl', ''],
    ] as const;
    const shape = { headers: { 'content-type': MULTIPART }, body: multipart(fields) };
    expect((await storedBy(shape, scene.sender)).made).toMatchObject({
      ttl: 604_800,
      recipient: ['fo*****@e*****.com'],
    });
  });
});

describe('12. the value arrives byte for byte', () => {
  it.each([
    ['a trailing newline', 'key material\n'],
    ['leading and trailing space', '  \t value \t '],
    ['CRLF', 'line 1\r\nline 2\r\n'],
    ['a lone CR', 'a\rb'],
    ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 😀'],
    ['every plane and direction', 'åß漢字 \u{1F600} עברית \u202E abc \uFEFF \u2028'],
    ['the delimiters of forms', 'a=b&c=d+e%20f%zz;?#"\''],
    ['control characters and NUL', '\u0000\u0001\u001F\u007F'],
    ['decomposed letters', 'e\u0301 \u00E9'],
    ['something that looks like an envelope', '{"v":1,"alg":"aes-256-gcm","ct":"AAAA"}'],
    [
      'something that looks like multipart',
      `--x\r\nContent-Disposition: form-data; name="ttl"\r\n\r\n1\r\n--x--`,
    ],
  ])('%s', async (_name, secret) => {
    const escaped = encodeURIComponent(secret);
    const shapes: Record<string, Shape> = {
      urlencoded: { headers: { 'content-type': URLENCODED }, body: `secret=${escaped}` },
      untyped: { body: `ttl=300&secret=${escaped}` },
      query: { query: `?secret=${escaped}` },
      json: { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret }) },
      multipart: { headers: { 'content-type': MULTIPART }, body: multipart([['secret', secret]]) },
    };
    for (const [name, shape] of Object.entries(shapes)) {
      expect([name, (await storedBy(shape)).value]).toEqual([name, secret]);
    }
  });
});

describe('reveal, metadata and burn', () => {
  const passphrase = 'open sesame & more';
  const escaped = encodeURIComponent(passphrase);

  it.each<readonly [string, Shape]>([
    ['urlencoded', { headers: { 'content-type': URLENCODED }, body: `passphrase=${escaped}` }],
    [
      'multipart',
      { headers: { 'content-type': MULTIPART }, body: multipart([['passphrase', passphrase]]) },
    ],
    ['query', { query: `?passphrase=${escaped}` }],
    ['untyped', { body: `continue=true&passphrase=${escaped}` }],
    [
      'JSON',
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ passphrase, continue: true }),
      },
    ],
  ])('take a passphrase as %s', async (_name, { query = '', headers = {}, body }) => {
    const made = [
      await scene.anonymous.share('hello', { passphrase }),
      await scene.anonymous.share('hello', { passphrase }),
    ];
    const paths = [`/secret/${made[0]?.secret_key}`, `/private/${made[1]?.metadata_key}/burn`];
    for (const path of paths) {
      const bytes = Buffer.from(body ?? '');
      const answer = await scene.anonymous.send({
        method: 'POST',
        path: path + query,
        headers: headers as OutgoingHttpHeaders,
        body: bytes,
      });
      expect(answer.status).toBe(200);
    }
  });

  it('take the key of the path over parameters of that name', async () => {
    const { secret_key } = await scene.anonymous.share('hello');
    const answer = await scene.anonymous.post(`/secret/${secret_key}?key=other`, {
      key: 'other',
      secret_key: 'other',
    });
    expect(answer.json()).toMatchObject({ value: 'hello', secret_key });
  });

  it('7. a GET may have the type of a form', async () => {
    const headers = { 'content-type': URLENCODED };
    const { metadata_key } = await scene.sender.share('hello');
    for (const path of ['/status', '/authcheck', '/private/recent', `/private/${metadata_key}`]) {
      expect((await scene.sender.send({ path, headers })).status).toBe(200);
    }
  });

  it('7. a GET may have the type of JSON, or an invalid type', async () => {
    for (const type of ['application/json', 'nonsense']) {
      expect(
        (await scene.sender.send({ path: '/status', headers: { 'content-type': type } })).status,
      ).toBe(200);
    }
  });

  it('13. empty credentials are not anonymous', async () => {
    const headers = { authorization: 'Basic Og==' };
    const answer = await scene.anonymous.send({
      method: 'POST',
      path: '/share?secret=hello',
      headers,
    });
    expect(outcomeOf(answer)).toEqual([404, { message: 'Not authorized' }]);
  });

  it('14. recent takes POST as well, with a form or without a body', async () => {
    const [withForm, without] = [
      await scene.sender.post('/private/recent', { a: 'b' }),
      await scene.sender.post('/private/recent'),
    ];
    expect([withForm.status, without.status]).toEqual([200, 200]);
    expect(Array.isArray(without.json())).toBe(true);
  });
});

describe('an unreadable body', () => {
  it.each<readonly [string, Shape]>([
    ['broken JSON', { headers: { 'content-type': 'application/json' }, body: '{"secret":' }],
    ['a JSON list', { headers: { 'content-type': 'application/json' }, body: '["secret"]' }],
    ['bytes that are not UTF-8', { body: 'secret=%ff%fe' }],
    [
      'multipart without an end',
      { headers: { 'content-type': MULTIPART }, body: `--${BOUNDARY}\r\nContent-` },
    ],
  ])(
    '%s is refused in JSON, as an error of the caller',
    async (_name, { headers = {}, body = '' }) => {
      const answer = await scene.anonymous.send({
        path: '/share',
        headers: headers as OutgoingHttpHeaders,
        body: Buffer.from(body),
      });
      expect(outcomeOf(answer)).toEqual([404, { message: expect.any(String) }]);
      expect(answer.headers['x-ots-intended-status']).toBe('400');
    },
  );
});
