import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { applyQuery, applyUrl, type ApplyRequest } from './apply-query.js';
import { isSignatureOf, signQuery } from './apply-signature.js';
import { requireHostname } from '../../shared/hostname.js';
import { parseDomainName } from '../domain-name.js';
import { publicKeyRecords, readPublicKey, spkiOf } from './public-key-records.js';

// The published test vector of the protocol's reference verifier.
const PUBLISHED = [
  'p=1,a=RS256,d=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA18SgvpmeasN4BHkkv0SBjAzIc4grYLjiAXRtNiBUiGUDMeTzQrKTsWvy9NuxU1dIHCZy9o1CrKNg5EzLIZLNyMfI6qiXnM+HMd4byp97zs/3D39Q8iR5poubQcRaGozWx8yQpG0OcVdmEVcTfy',
  'p=2,a=RS256,d=R/XSEWC5u16EBNvRnNAOAvZYUdWqVyQvXsjnxQot8KcK0QP8iHpoL/1dbdRy2opRPQ2FdZpovUgknybq/6FkeDtW7uCQ6Mvu4QxcUa3+WP9nYHKtgWip/eFxpeb+qLvcLHf1h0JXtxLVdyy6OLk3f2JRYUX2ZZVDvG3biTpeJz6iRzjGg6MfGxXZHjI8',
  'p=3,a=RS256,d=weDjXrJwIDAQAB',
];
const SIGNED = 'a=1&b=2&ip=10.10.10.10&domain=foobar.com';
const SIGNATURE =
  'rxWqGP0qPPzaj+9zukKC/jZqz4ic7bHO62GyGlxqcnz6s9/tEPJccwJfku8jD9ofK3eTJpKJLTsYN00SN9qyx0YXVT8baPtkavMpT+epcuDaUbcyXo270s7RQmwPAo0C8I1NLodGbzTUvTktwdgZPRT3Oda1Hyk7eFJetmocLv6iGICAsPkCf32C8EcQcxYjQ56ytINInFQwKOLuZr8g3AMNOVX73Qu3rnuB4Zl2BKOQi9dikzUxOyAsOLMUrWLbXthpwJ2cl5ek2QSg9KX+2WhEyQmaaJWveYVkYCRL1ckMkq35pIq++RJI48CbTIQPPh2VdqZsUSu16fKztrt9pw==';

const BASE = requireHostname('onetime.example');

const REQUEST: ApplyRequest = {
  zone: 'acme.test',
  host: 'secrets',
  variables: {
    target: 'k3v9q2m8x7c1b5n0',
    region: 'eu',
    challenge: 'a1b2c3d',
    proof: '0123456789abcdef0123456789abcdef',
  },
  groups: null,
  redirectUri: 'https://eu.onetime.example:8443/domain-connect/return/cd0.1.ab',
};

describe('the signature of a link', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it('is that of the published vector, and of no other order of its parameters', () => {
    const spki = Buffer.from(readPublicKey(PUBLISHED) ?? '', 'base64');
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(isSignatureOf(SIGNED, SIGNATURE, key)).toBe(true);
    expect(isSignatureOf(SIGNED.split('&').toReversed().join('&'), SIGNATURE, key)).toBe(false);
    expect(isSignatureOf(SIGNED.replace('10.10', '10.11'), SIGNATURE, key)).toBe(false);
  });

  it('is over what is sent, in base64 with its padding', async () => {
    const query = applyQuery(REQUEST);
    const signature = await signQuery(query, keys.privateKey);
    expect(signature).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    const service = {
      syncUrl: 'https://panel.dns.example/connect',
      providerId: 'onetime.example',
      serviceId: 'custom-domain',
    };
    const url = applyUrl(service, query, { label: '_dck1', signature });
    const [place, sent = ''] = url.split('?');
    expect(place).toBe(
      'https://panel.dns.example/connect/v2/domainTemplates/providers/onetime.example/services/custom-domain/apply',
    );
    const [, signed = '', key, sig = ''] = /^(.*)&key=([^&]*)&sig=([^&=]*)$/.exec(sent) ?? [];
    expect(key).toBe('_dck1');
    expect(signed).toBe(query);
    expect(isSignatureOf(signed, decodeURIComponent(sig), keys.publicKey)).toBe(true);
  });

  it('fits all three readings: as sent, sorted, and encoded again', () => {
    expect(applyQuery({ ...REQUEST, groups: ['certify', 'prove'] })).toBe(
      'challenge=a1b2c3d&domain=acme.test&groupId=certify%2Cprove&host=secrets&proof=0123456789abcdef0123456789abcdef&redirect_uri=https%3A%2F%2Feu.onetime.example%3A8443%2Fdomain-connect%2Freturn%2Fcd0.1.ab&region=eu&target=k3v9q2m8x7c1b5n0',
    );
    const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/);
    const requests = fc.record({
      zone: word,
      host: fc.option(word),
      variables: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,12}$/).filter((name) => !['domain', 'host'].includes(name)),
        word,
        { maxKeys: 6 },
      ),
      groups: fc.option(fc.constant(['certify', 'prove'] as const)),
      redirectUri: word.map((path) => `https://eu.onetime.example/${path}`),
    });
    fc.assert(
      fc.property(requests, (request) => {
        const query = applyQuery(request);
        expect(query.split('&').toSorted().join('&')).toBe(query);
        const parsed = new URLSearchParams(query);
        expect(String(parsed)).toBe(query);
        parsed.sort();
        expect(String(parsed)).toBe(query);
        expect(Object.fromEntries(parsed)).toEqual({
          ...request.variables,
          domain: request.zone,
          ...(request.host === null ? {} : { host: request.host }),
          ...(request.groups === null ? {} : { groupId: request.groups.join(',') }),
          redirect_uri: request.redirectUri,
        });
      }),
    );
  });

  it.each([
    'bücher.example.com',
    'secrets.bücher.example',
    'xn--bcher-kva.example.com',
    'پنهان.example.com',
    '1.2.3.example.com',
    'a--b.example.com',
    `${'a'.repeat(63)}.${'b'.repeat(63)}.example.com`,
    'SECRETS.Example.COM.',
  ])('is made for every name that can be claimed: %s', (text) => {
    const parsed = parseDomainName(text, { baseDomain: BASE, allowsReservedTlds: true });
    if (!parsed.ok) throw new Error(parsed.refusal.message);
    const { hostname, registrableDomain } = parsed.name;
    const host = hostname.slice(0, -registrableDomain.length - 1) || null;
    const query = applyQuery({ ...REQUEST, zone: registrableDomain, host });
    const read = new URLSearchParams(query);
    expect(String(read)).toBe(query);
    expect([read.get('host'), read.get('domain')].filter((part) => part !== null).join('.')).toBe(
      hostname,
    );
  });

  it.each([
    { ...REQUEST, zone: 'a b' },
    { ...REQUEST, zone: 'acme.test&x=1' },
    { ...REQUEST, host: '' },
    { ...REQUEST, host: 'a*b' },
    { ...REQUEST, variables: { Proof: 'x' } },
    { ...REQUEST, variables: { proof: "it's" } },
    { ...REQUEST, redirectUri: 'https://eu.onetime.example/?a=1' },
    { ...REQUEST, redirectUri: 'http://eu.onetime.example/' },
  ])('is never made over what encoders differ in: %#', (request) => {
    expect(() => applyQuery(request)).toThrow('cannot be signed');
  });
});

describe('the TXT records of a public key', () => {
  it.each([2048, 4096])('give the key of %i bits back, in whatever order', (modulusLength) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
    const records = publicKeyRecords(publicKey);
    for (const record of records) expect(record.length).toBeLessThanOrEqual(220);
    expect(readPublicKey(records.toReversed())).toBe(spkiOf(publicKey));
    expect(readPublicKey(['v=spf1 -all', ...records])).toBe(spkiOf(publicKey));
    expect(readPublicKey(records.slice(1))).toBeNull();
    expect(readPublicKey([...records, records[0] ?? ''])).toBeNull();
  });

  it('may leave the algorithm out, and may not be in one long record', () => {
    expect(readPublicKey(['p=2,d=cd==', 'p=1,d=ab'])).toBe('abcd==');
    expect(readPublicKey([`p=1,a=RS256,d=${'a'.repeat(300)}`])).toBeNull();
    expect(readPublicKey([])).toBeNull();
  });
});
