import fc from 'fast-check';
import { readWireParameters, type WireParameters } from '../body/wire-parameters.js';
import {
  readConcealSecret,
  readGeneratedValueOptions,
  readPassphrase,
  readSecretValue,
  readTtlSeconds,
} from './v1-parameters.js';

function parametersOf(body: string): WireParameters {
  return readWireParameters({ url: '/', contentType: undefined, body: Buffer.from(body) });
}

describe(readTtlSeconds.name, () => {
  it.each([
    ['', null],
    ['ttl=300', 300],
    ['ttl=%20300%20', 300],
    ['ttl=%2B300', 300],
    ['ttl=0300', 300],
    ['ttl=120.7', 120],
    ['ttl=120.', 120],
    ['{"ttl":300}', 300],
    ['{"ttl":120.7}', 120],
    ['{"ttl":1e3}', 1000],
    ['{"ttl":null}', null],
    ['ttl=99999999999999999999999999', Number.MAX_SAFE_INTEGER],
    [`ttl=${'9'.repeat(500)}`, Number.MAX_SAFE_INTEGER],
    ['ttl=0', 0],
    ['ttl=', 0],
    ['ttl', 0],
    ['ttl=-5', 0],
    ['{"ttl":-5}', 0],
    ['ttl=0.4', 0],
    ['ttl=abc', 0],
    ['ttl=12abc', 0],
    ['ttl=0x100', 0],
    ['ttl=Infinity', 0],
    ['ttl=NaN', 0],
    ['{"ttl":true}', 0],
  ])('reads %j as %p', (body, seconds) => {
    expect(readTtlSeconds(parametersOf(body))).toBe(seconds);
  });

  it('is a safe integer of zero or more for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const body = new URLSearchParams({ ttl: text }).toString();
        const seconds = readTtlSeconds(parametersOf(body));
        expect(Number.isSafeInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('what a caller asks to conceal', () => {
  it('treats empty parameters as absent, and leaves the value unchanged', () => {
    const parameters = parametersOf('secret=+x%0A&passphrase=&share_domain=+&recipient=');
    const value = readSecretValue(parameters);
    expect(readConcealSecret(parameters, { kind: 'share', value })).toEqual({
      kind: 'share',
      value: ' x\n',
      ttlSeconds: null,
      passphrase: null,
      recipients: [''],
      shareDomain: null,
      surface: 'api',
    });
  });

  it('reads every parameter', () => {
    const parameters = parametersOf(
      '{"secret":"s","ttl":"60","passphrase":" p ","recipient":"a@b.example","share_domain":"d.example"}',
    );
    expect(readConcealSecret(parameters, { kind: 'generate', value: 'v' })).toEqual({
      kind: 'generate',
      value: 'v',
      ttlSeconds: 60,
      passphrase: ' p ',
      recipients: ['a@b.example'],
      shareDomain: 'd.example',
      surface: 'api',
    });
  });

  it('has an empty value when none was sent', () => {
    expect(readSecretValue(parametersOf(''))).toBe('');
    expect(readPassphrase(parametersOf(''))).toBeNull();
  });
});

describe(readGeneratedValueOptions.name, () => {
  it.each([
    ['', { characterSets: {} }],
    ['length=20', { length: 20, characterSets: {} }],
    ['length=many', { characterSets: {} }],
    ['character_sets[symbols]=true', { characterSets: { symbols: true } }],
    ['{"character_sets":{"numbers":false}}', { characterSets: { digits: false } }],
  ])('reads %j', (body, options) => {
    expect(readGeneratedValueOptions(parametersOf(body))).toEqual(options);
  });
});
