import { readWireParameters, type WireParameters } from '../body/wire-parameters.js';
import {
  readConcealSecret,
  readGeneratedValueOptions,
  readPassphrase,
  readSecretValue,
} from './v1-parameters.js';

function parametersOf(body: string): WireParameters {
  return readWireParameters({ url: '/', contentType: undefined, body: Buffer.from(body) });
}

describe('the ttl', () => {
  it.each([
    ['', null],
    ['ttl=300', 300],
    ['ttl=%20300%20', 300],
    ['ttl=%2B300', 300],
    ['{"ttl":300}', 300],
    ['{"ttl":"300"}', 300],
    ['{"ttl":120.7}', 120],
    ['{"ttl":1e3}', 1000],
    ['{"ttl":[60,120]}', 120],
    ['ttl', null],
    ['ttl=', null],
    ['ttl=0', null],
    ['{"ttl":null}', null],
    ['{"ttl":""}', null],
    ['{"ttl":0}', null],
    ['{"ttl":0.0}', null],
    ['{"ttl":"0"}', null],
    ['{"ttl":-5}', 60],
    ['{"ttl":true}', 60],
  ])('in %j is %p', (body, seconds) => {
    const command = readConcealSecret(parametersOf(body), { kind: 'share', value: 'v' });
    expect(command.ttlSeconds).toBe(seconds);
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
      guessesMax: null,
      passphrase: null,
      recipients: [''],
      language: null,
      notifiesOpened: false,
      shareDomain: null,
      surface: 'api',
    });
  });

  it('reads every parameter', () => {
    const parameters = parametersOf(
      '{"secret":"s","ttl":"60","passphrase":" p ","recipient":"a@b.example","share_domain":"d.example","language":"de","notify_opened":true}',
    );
    expect(readConcealSecret(parameters, { kind: 'generate', value: 'v' })).toEqual({
      kind: 'generate',
      value: 'v',
      ttlSeconds: 60,
      guessesMax: null,
      passphrase: ' p ',
      recipients: ['a@b.example'],
      language: 'de',
      notifiesOpened: true,
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
