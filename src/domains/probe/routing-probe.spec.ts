import { randomBytes } from 'node:crypto';
import type { Region } from '../../config/region.js';
import type { RootKeys } from '../../config/root-key.js';
import { readRedirect } from './probe-redirect.js';
import { addressKind, canonicalAddress, connectableAddresses } from './ip-address.js';
import { answerProbe, parseProbePath, probePath, readProbeAnswer } from './probe-protocol.js';

const eu = 'eu' as Region;
const us = 'us' as Region;
const newKeys = (): RootKeys => [{ version: 1, bytes: randomBytes(32) }];
const nonce = 'ab'.repeat(16);
const question = { region: eu, hostname: 'secrets.example.com', nonce };

describe('a routing probe', () => {
  const keys = newKeys();
  const answer = answerProbe(keys, eu, 'secrets.example.com', nonce);

  it('is asked at a path of its own', () => {
    expect(parseProbePath(probePath(question))).toEqual({ region: 'eu', nonce });
    const wrong = ['', `${probePath(question)}/`, `${probePath(question)}?x`, '/.well-known/x'];
    expect(wrong.map(parseProbePath)).toEqual([null, null, null, null]);
  });

  it('is answered by `REGION HMAC`, in any case of the host name', () => {
    expect(answer).toMatch(/^eu [0-9a-f]{64}$/);
    expect(answerProbe(keys, eu, 'SECRETS.example.com', nonce)).toBe(answer);
    expect(readProbeAnswer(`${answer}\n`, keys, question)).toBe('ours');
  });

  it('knows a gateway of another region by its word', () => {
    const other = answerProbe(newKeys(), us, 'secrets.example.com', nonce);
    expect(readProbeAnswer(other, keys, question)).toBe('other_region');
  });

  it('is not answered by anybody without the key, nor by an answer to another question', () => {
    const strangers = [
      '',
      answerProbe(keys, us, 'secrets.example.com', nonce).replace('us ', 'eu '),
      '<html>',
      `eu ${'0'.repeat(64)}`,
      answerProbe(newKeys(), eu, 'secrets.example.com', nonce),
      answerProbe(keys, eu, 'other.example.com', nonce),
      answerProbe(keys, eu, 'secrets.example.com', 'cd'.repeat(16)),
      answer.replace('eu ', 'eu  '),
    ];
    for (const body of strangers) expect(readProbeAnswer(body, keys, question)).toBe('stranger');
  });

  it('takes the answer of a replica that still has, or already has, another root key', () => {
    const [old] = keys;
    const [fresh] = newKeys();
    const replica: RootKeys = [{ ...fresh, version: 2 }, old];
    expect(readProbeAnswer(answer, replica, question)).toBe('ours');
    const theirs = answerProbe(replica, eu, 'secrets.example.com', nonce);
    expect(readProbeAnswer(theirs, [old, { ...fresh, version: 2 }], question)).toBe('ours');
  });
});

describe('addresses that a probe may connect to', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['127.0.0.1', 'private'],
    ['169.254.169.254', 'private'],
    ['0.0.0.0', 'private'],
    ['224.0.0.1', 'private'],
    ['255.255.255.255', 'private'],
    ['::1', 'private'],
    ['::', 'private'],
    ['fe80::1', 'private'],
    ['fd00::1', 'private'],
    ['ff02::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'private'],
    ['::127.0.0.1', 'private'],
    ['64:ff9b::a00:1', 'reserved'],
    ['2002:a00:1::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['127.1', 'invalid'],
    ['0x7f.0.0.1', 'invalid'],
    ['fe80::1%eth0', 'invalid'],
    ['localhost', 'invalid'],
  ])('takes %s for %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  it("are public ones, and the region's own wherever they are", () => {
    const seen = ['10.0.0.1', '10.0.0.2', '8.8.8.8', 'FD00:0::1', 'localhost', '2606:4700::1'];
    expect(connectableAddresses(seen, ['10.0.0.2', 'fd00::1'])).toEqual([
      '10.0.0.2',
      '8.8.8.8',
      'fd00::1',
      '2606:4700::1',
    ]);
  });

  it('have one spelling', () => {
    expect(canonicalAddress('2001:DB8:0:0::1')).toBe('2001:db8::1');
    expect(canonicalAddress('nonsense')).toBe('nonsense');
  });
});

describe(readRedirect.name, () => {
  const from = { hostname: 'secrets.example.com', port: 80, path: '/p', isTls: false };
  const kindOf = (location: string, start = from) =>
    readRedirect(location, start, [80, 443, 8443]).kind;

  it.each([
    ['https://secrets.example.com/p', 'https'],
    ['https://SECRETS.example.com:8443/x?y=1', 'https'],
    ['//secrets.example.com/p', 'redirect_loop'],
    ['/p', 'redirect_loop'],
    ['http://secrets.example.com/p?again', 'redirect_loop'],
    ['/elsewhere', 'redirected'],
    ['https://www.example.com/p', 'redirected'],
    ['http://169.254.169.254/latest', 'redirected'],
    ['https://secrets.example.com.evil.example/p', 'redirected'],
    ['https://secrets.example.com@evil.example/p', 'redirected'],
    ['https://secrets.example.com:2222/p', 'redirect_bad_port'],
    ['http://127.0.0.1:6379/', 'redirect_bad_port'],
    ['ftp://secrets.example.com/', 'redirected'],
    ['http://[', 'redirected'],
    ['', 'redirect_loop'],
  ])('takes %s for %s', (location, kind) => {
    expect(kindOf(location)).toBe(kind);
  });

  it('takes the way back from HTTPS for a circle', () => {
    const start = { ...from, isTls: true, port: 443 };
    expect(kindOf('http://secrets.example.com/p', start)).toBe('redirect_loop');
    expect(kindOf('https://secrets.example.com/other', start)).toBe('redirect_loop');
  });
});
