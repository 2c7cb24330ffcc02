import * as fc from 'fast-check';
import { decideCaa } from './caa-policy.js';
import type { CaaRecord, CaIdentity } from './caa-record.js';

const ca: CaIdentity = {
  domain: 'letsencrypt.org',
  accountUri: 'https://ca.test/acct/1',
  methods: ['http-01', 'tls-alpn-01'],
};

function decide(records: (string | CaaRecord)[], identity: CaIdentity = ca) {
  return decideCaa(
    {
      status: 'ok',
      foundAt: 'example.com',
      records: records.map((each) =>
        typeof each === 'string' ? { critical: false, tag: 'issue', value: each } : each,
      ),
    },
    identity,
  );
}

const permitted = { kind: 'permitted', methods: ca.methods };
const forbidden = (reason: string) => ({ kind: 'forbidden', reason });

describe(decideCaa.name, () => {
  it.each([
    ['no records at all', []],
    ['our CA by name', ['letsencrypt.org']],
    ['our CA among others', ['pki.example', 'letsencrypt.org']],
    ['upper case and spaces', ['  LetsEncrypt.ORG ; ']],
    ['an unknown parameter', ['letsencrypt.org; policy=ev']],
    ['our account', ['letsencrypt.org; accounturi=https://ca.test/acct/1']],
    ['an account at another CA as well', ['pki.example; accounturi=x', 'letsencrypt.org']],
  ])('permits with %s', (_, records) => {
    expect(decide(records)).toEqual(permitted);
  });

  it.each([
    ['another CA', ['pki.example'], 'issuer'],
    ['no issuer', [';'], 'issuer'],
    ['an empty value', [''], 'issuer'],
    ['a subdomain of our CA', ['x.letsencrypt.org'], 'issuer'],
    ['malformed parameters', ['letsencrypt.org; accounturi'], 'issuer'],
    ['a malformed issuer', ['lets encrypt.org'], 'issuer'],
    ['another account', ['letsencrypt.org; accounturi=https://ca.test/acct/12'], 'account'],
    [
      'two accounts',
      ['letsencrypt.org; accounturi=https://ca.test/acct/1; accounturi=https://ca.test/acct/1'],
      'account',
    ],
    ['another method', ['letsencrypt.org; validationmethods=dns-01'], 'method'],
    ['an empty list of methods', ['letsencrypt.org; validationmethods='], 'method'],
    [
      'two lists of methods',
      ['letsencrypt.org; validationmethods=http-01; validationmethods=http-01'],
      'method',
    ],
  ])('forbids with %s', (_, records, reason) => {
    const record = { critical: false, tag: 'issue', value: records[0] };
    const named = reason === 'issuer' ? {} : { record };
    expect(decide(records)).toEqual({ ...forbidden(reason), ...named });
  });

  it('names the closest record among others', () => {
    const others = ['pki.example', 'letsencrypt.org; accounturi=https://ca.test/acct/2'];
    const closest = 'letsencrypt.org; validationmethods=dns-01';
    expect(decide([...others, closest])).toMatchObject({
      reason: 'method',
      record: { value: closest },
    });
  });

  it('permits the methods that any matching record allows', () => {
    const one = 'letsencrypt.org; validationmethods=dns-01,tls-alpn-01';
    expect(decide([one])).toEqual({ kind: 'permitted', methods: ['tls-alpn-01'] });
    expect(decide([one, 'letsencrypt.org; validationmethods=http-01'])).toEqual({
      kind: 'permitted',
      methods: ['tls-alpn-01', 'http-01'],
    });
  });

  it('forbids a record with an account while our account is unknown', () => {
    const unregistered = { ...ca, accountUri: null };
    expect(
      decide(['letsencrypt.org; accounturi=https://ca.test/acct/1'], unregistered),
    ).toMatchObject(forbidden('account'));
    expect(decide(['letsencrypt.org'], unregistered)).toEqual(permitted);
  });

  it('ignores issuewild and iodef records', () => {
    expect(
      decide([
        { critical: false, tag: 'issuewild', value: ';' },
        { critical: true, tag: 'iodef', value: 'mailto:a@example.com' },
      ]),
    ).toEqual(permitted);
  });

  it('forbids with an unknown critical tag, even beside a matching record', () => {
    const record = { critical: true, tag: 'tbs', value: 'x' };
    expect(decide(['letsencrypt.org', record])).toEqual({ ...forbidden('critical'), record });
    expect(decide(['letsencrypt.org', { ...record, critical: false }])).toEqual(permitted);
    expect(decide([{ critical: true, tag: 'ISSUE', value: 'letsencrypt.org' }])).toEqual(permitted);
  });

  it('is unanswerable when the lookup failed', () => {
    expect(decideCaa({ status: 'unanswerable', foundAt: null, records: [] }, ca)).toEqual({
      kind: 'unanswerable',
    });
  });

  it('never throws and never permits by records that do not name the CA', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (values) => {
        const others = values.filter((value) => !/letsencrypt\.org/i.test(value));
        fc.pre(others.length > 0);
        expect(decide(others).kind).toBe('forbidden');
      }),
    );
  });
});
