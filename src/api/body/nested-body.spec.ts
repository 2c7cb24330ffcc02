import fc from 'fast-check';
import { AppError } from '../../shared/app-error.js';
import { readNestedBody } from './nested-body.js';

const LISTS = ['recipient'];
const read = (body: string, contentType?: string, url = '/') =>
  readNestedBody({ url, contentType, body: Buffer.from(body) }, LISTS);
const JSON_TYPE = 'application/json; charset=utf-8';

describe(readNestedBody, () => {
  it.each([
    ['', {}],
    [' ', {}],
    ['{}', {}],
    ['{"secret":{"ttl":60,"secret":"a"}}', { secret: { ttl: '60', secret: 'a' } }],
    ['\uFEFF{"a":1.10}', { a: '1.10' }],
    ['{"a":true,"b":null,"c":["x",1]}', { a: true, b: null, c: ['x', '1'] }],
  ])('reads %j as JSON', (body, fields) => {
    expect(read(body, JSON_TYPE)).toEqual(fields);
  });

  it.each([
    ['secret[secret]=a+b&secret[ttl]=60', { secret: { secret: 'a b', ttl: '60' } }],
    ['secret%5Bttl%5D=60', { secret: { ttl: '60' } }],
    ['continue=true', { continue: 'true' }],
    ['secret=text', { secret: 'text' }],
    ['secret=text&secret[ttl]=60', { secret: 'text' }],
    ['ttl=1&ttl=2', { ttl: '2' }],
    ['secret[recipient]=a&secret[recipient]=b', { secret: { recipient: ['a', 'b'] } }],
    ['secret[recipient][]=a', { secret: { recipient: 'a' } }],
    ['secret[recipient][0]=a&secret[recipient][1]=b', { secret: { recipient: ['a', 'b'] } }],
    ['secret[sets][upper]=true', { secret: { sets: { upper: 'true' } } }],
    ['a[b][c][d]=1&a]b=1&[x]=1&a[b=1&=1', {}],
  ])('reads %j as a form', (body, fields) => {
    expect(read(body, 'application/x-www-form-urlencoded')).toEqual(fields);
    expect(read(body)).toEqual(fields);
  });

  it('reads JSON that is sent as a form, and a form that starts like JSON', () => {
    expect(read('{"a":"b"}', 'application/x-www-form-urlencoded')).toEqual({ a: 'b' });
    expect(read('{a=b')).toEqual({});
  });

  it('takes from the query string what is not in the body', () => {
    const url = '/x?continue=true&passphrase=query';
    expect(read('{"passphrase":"body"}', JSON_TYPE, url)).toEqual({
      continue: 'true',
      passphrase: 'body',
    });
  });

  it.each(['{', '{"a":', 'secret[secret]=a', 'null x', '\u0000'])(
    'refuses %j, which is no JSON although it says so, as malformed',
    (body) => {
      expect(() => read(body, JSON_TYPE)).toThrow(
        expect.objectContaining({ code: 'invalid_request', reason: 'malformed' }),
      );
    },
  );

  it.each(['[]', '"text"', '1', 'null', 'true'])('refuses %s, which is no object', (body) => {
    expect(() => read(body, JSON_TYPE)).toThrow(
      new AppError('invalid_request', 'Incorrect payload format'),
    );
  });

  it('makes own properties of every name', () => {
    const fields = read('__proto__[polluted]=1&constructor[prototype][polluted]=1');
    expect(Object.keys(fields)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });

  it('refuses any bytes with its own error only', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(JSON_TYPE, undefined),
        (bytes, contentType) => {
          try {
            readNestedBody({ url: '/', contentType, body: Buffer.from(bytes) }, LISTS);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            expect((error as AppError).code).toBe('invalid_request');
          }
        },
      ),
    );
  });
});
