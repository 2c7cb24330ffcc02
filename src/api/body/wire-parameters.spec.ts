import fc from 'fast-check';
import { AppError } from '../../shared/app-error.js';
import { readWireParameters, type ParameterSource } from './wire-parameters.js';

const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = [
  '--xYzZY',
  'Content-Disposition: form-data; name="secret"',
  '',
  'a\r\nb\r\n',
  '--xYzZY',
  'content-disposition: form-data; name=ttl',
  '',
  '300',
  '--xYzZY--',
  '',
].join('\r\n');

function read(body: string | Buffer | undefined, rest: Partial<ParameterSource> = {}) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return readWireParameters({
    url: '/api/v1/share',
    contentType: undefined,
    ...rest,
    body: bytes,
  });
}

describe('the formats of a body', () => {
  it.each([
    ['urlencoded', 'secret=s3&ttl=300', URLENCODED],
    ['urlencoded without a type', 'secret=s3&ttl=300', undefined],
    ['urlencoded with the type of text', 'secret=s3&ttl=300', 'text/plain'],
    ['urlencoded with the type of JSON', 'secret=s3&ttl=300', 'application/json'],
    [
      'urlencoded with the type of multipart',
      'secret=s3&ttl=300',
      'multipart/form-data; boundary=x',
    ],
    ['urlencoded with a brace in front', '{x=1&secret=s3&ttl=300', URLENCODED],
    ['JSON', '{"secret":"s3","ttl":300}', 'application/json; charset=utf-8'],
    ['JSON with strings', ' {"secret":"s3","ttl":"300"} ', 'application/json'],
    ['JSON with the type of a form', '{"secret":"s3","ttl":300}', URLENCODED],
    ['JSON without a type', '\uFEFF{"secret":"s3","ttl":300}', undefined],
    [
      'JSON with unknown parameters',
      '{"secret":"s3","ttl":300,"x":{"y":[{}]},"z":null}',
      undefined,
    ],
    ['multipart', MULTIPART.replace('a\r\nb\r\n', 's3'), 'multipart/form-data; boundary=xYzZY'],
    ['multipart with the type of a form', MULTIPART.replace('a\r\nb\r\n', 's3'), URLENCODED],
    [
      'multipart with bare newlines',
      MULTIPART.replace('a\r\nb\r\n', 's3').replaceAll('\r', ''),
      '',
    ],
  ])('reads %s', (_name, body, contentType) => {
    const parameters = read(body, { contentType });
    expect(parameters.last('secret')).toBe('s3');
    expect(parameters.last('ttl')).toBe('300');
  });

  it.each([
    ['nothing', undefined],
    ['zero bytes', ''],
    ['an empty object', '{}'],
    ['a JSON scalar', 'null'],
    ['a JSON array', '["secret"]'],
    ['an empty form', '--boundary--\r\n'],
    ['only separators', '&&&'],
  ])('finds no parameter in %s under any Content-Type', (_name, body) => {
    for (const contentType of [undefined, 'application/json', 'multipart/form-data', URLENCODED]) {
      expect(read(body, { contentType }).last('secret')).toBeNull();
    }
  });

  it.each([
    ['broken JSON with the type of JSON', '{"secret":', 'application/json'],
    ['a lone surrogate', String.raw`{"secret":"\ud800"}`, 'application/json'],
    ['bytes that are not UTF-8', Buffer.from('secret=\xff', 'latin1'), URLENCODED],
    ['escapes that are not UTF-8', 'secret=%ff', URLENCODED],
    ['multipart that ends early', MULTIPART.slice(0, -12), undefined],
    ['a thousand and one parameters', 'a=1&'.repeat(1001), URLENCODED],
    ['half a million JSON values', `{"a":[${'0,'.repeat(500_000)}0]}`, undefined],
    ['half a million lists in lists', '['.repeat(500_000), URLENCODED],
    ['a thousand and one JSON values', JSON.stringify({ a: Array(1001).fill('') }), undefined],
  ])('refuses %s', (_name, body, contentType) => {
    expect(() => read(body, { contentType })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }) as Error,
    );
  });
});

describe('RFC 8259, JSON', () => {
  it.each([
    ['white space of every kind', ' \t\r\n{ "secret" :\t"s3"\r\n} '],
    ['escapes', String.raw`{"\u0073ecret":"\u00733"}`],
    ['a byte order mark', '\uFEFF{"secret":"s3"}'],
    ['a name twice: the last', '{"secret":"no","secret":"s3"}'],
    ['a list: the last', '{"secret":["no","s3"]}'],
  ])('reads %s', (_name, body) => {
    for (const contentType of [
      'application/json',
      'Application/JSON ; x="y"',
      'a/b+json',
      undefined,
    ])
      expect(read(body, { contentType }).last('secret')).toBe('s3');
  });

  it.each([
    ['a comma too many', '{"secret":"s3",}'],
    ['single quotes', "{'secret':'s3'}"],
    ['a comment', '{"secret":"s3"} // x'],
    ['a newline in a string', '{"secret":"a\nb"}'],
    ['NaN', '{"secret":NaN}'],
    ['a leading zero', '{"secret":01}'],
    ['a second object', '{"secret":"s3"}{}'],
  ])('refuses %s', (_name, body) => {
    for (const contentType of ['application/json', 'text/json', 'a/b+json; charset=utf-8'])
      expect(() => read(body, { contentType })).toThrow(AppError);
  });
});

describe('the query string', () => {
  it('is read when there is no body', () => {
    const url = '/api/v1/share?secret=a+b%26&ttl=60';
    expect(read(undefined, { url }).last('secret')).toBe('a b&');
    expect(read('', { url, contentType: 'application/json' }).last('ttl')).toBe('60');
  });

  it('is overridden by the body, even by an empty value', () => {
    const url = '/api/v1/share?secret=query&passphrase=query&ttl=60';
    const parameters = read('secret=body&passphrase=', { url });
    expect(parameters.last('secret')).toBe('body');
    expect(parameters.last('passphrase')).toBe('');
    expect(parameters.last('ttl')).toBe('60');
  });

  it('may contain raw UTF-8, which Node gives as one character per byte', () => {
    const url = `/api/v1/share?secret=${Buffer.from('ü😀').toString('latin1')}`;
    expect(read(undefined, { url }).last('secret')).toBe('ü😀');
  });

  it('keeps a percent sign that does not start an escape', () => {
    expect(read('secret=100%&ttl=%zz').last('secret')).toBe('100%');
    expect(read('secret=100%&ttl=%zz').last('ttl')).toBe('%zz');
  });
});

describe('repetition', () => {
  it.each([
    ['repeated', 'recipient=a&recipient=b'],
    ['in brackets', 'recipient[]=a&recipient[]=b'],
    ['in escaped brackets', 'recipient%5B%5D=a&recipient%5b1%5d=b'],
    ['as a JSON array', '{"recipient":["a","b"]}'],
    ['as a JSON array in brackets', '{"recipient[]":["a","b"]}'],
  ])('collects recipients %s', (_name, body) => {
    expect(read(body).all('recipient')).toEqual(['a', 'b']);
  });

  it('uses the last value of a scalar', () => {
    expect(read('secret=a&secret=b').last('secret')).toBe('b');
    expect(read('{"secret":["a","b"]}').last('secret')).toBe('b');
    expect(read('{"secret":"a","secret":"b"}').last('secret')).toBe('b');
  });
});

describe('values', () => {
  it.each([
    ['nineteen digits', '{"secret":1234567890123456789}', '1234567890123456789'],
    ['trailing zeros', '{"secret":1.10}', '1.10'],
    ['a boolean', '{"secret":true}', 'true'],
    ['null', '{"secret":null}', null],
    ['an object', '{"secret":{"a":1}}', null],
    ['a value beside __proto__', '{"__proto__":{"secret":"x"},"secret":"s"}', 's'],
    ['a byte order mark', 'secret=\uFEFFx', '\uFEFFx'],
    ['an encryption envelope', '{"secret":"{\\"v\\":1}"}', '{"v":1}'],
  ])('keeps %s as it was written', (_name, body, value) => {
    expect(read(body).last('secret')).toBe(value);
  });

  it('reads one level of nesting as a form would write it', () => {
    const parameters = read('{"character_sets":{"symbols":true}}');
    expect(parameters.last('character_sets[symbols]')).toBe('true');
    expect(read('character_sets[symbols]=true').last('character_sets[symbols]')).toBe('true');
  });

  it('keeps the newlines of a multipart value, and a line that only starts like the delimiter', () => {
    expect(read(MULTIPART).last('secret')).toBe('a\r\nb\r\n');
    const value = 'x\r\n--xYzZYmore\r\ny';
    expect(read(MULTIPART.replace('a\r\nb\r\n', value)).last('secret')).toBe(value);
  });

  it('reads a file part like any other', () => {
    const body = MULTIPART.replace('name="secret"', 'name="secret"; filename="a.txt"');
    expect(read(body).last('secret')).toBe('a\r\nb\r\n');
  });
});

describe('properties', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\r\n', '\n', '&', '=', '+', '%', '"', '--', '😀'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
  });

  it('gives the same value from every format, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (secret) => {
        fc.pre(secret.isWellFormed());
        const form = new FormData();
        form.append('secret', new Blob([secret]));
        const multipart = Buffer.from(await new Response(form).arrayBuffer());
        expect(read(multipart).last('secret')).toBe(secret);
        expect(read(new URLSearchParams({ secret }).toString()).last('secret')).toBe(secret);
        expect(read(JSON.stringify({ secret })).last('secret')).toBe(secret);
      }),
    );
  });

  it('throws only AppError', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      fc.json().map((json) => Buffer.from(json)),
      fc.tuple(fc.nat(MULTIPART.length), fc.nat(40)).map(([at, length]) => {
        return Buffer.from(MULTIPART.slice(0, at) + MULTIPART.slice(at + length));
      }),
      fc.constant(Buffer.from('['.repeat(200_000))),
      fc.constant(Buffer.from('{"a":'.repeat(100_000))),
    );
    const contentType = fc.constantFrom(undefined, URLENCODED, 'application/json', 'x');
    fc.assert(
      fc.property(bytes, contentType, (body, type) => {
        try {
          read(body, { contentType: type });
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});
