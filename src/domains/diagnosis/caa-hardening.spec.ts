import {
  apexFacts,
  found,
  healthyFacts,
  NODATA,
  OUR_ADDRESS,
  OUR_IPV6,
  probed,
  SERVFAIL,
} from '../../../test/fakes/domain-facts.js';
import { decideCaa } from '../../dns/caa-policy.js';
import type { CaaRecord, CaIdentity } from '../../dns/caa-record.js';
import type { DomainFacts } from '../domain-facts.js';
import { diagnose } from './diagnose.js';

const LE: CaIdentity = {
  domain: 'letsencrypt.org',
  accountUri: 'https://ca.test/acct/1',
  methods: ['http-01'],
};
const SECOND: CaIdentity = {
  domain: 'pki.goog',
  accountUri: 'https://other.test/a/9',
  methods: ['http-01'],
};
const BOUND = '0 issue "letsencrypt.org; accounturi=https://ca.test/acct/1"';

function caa(foundAt: string, ...values: string[]): DomainFacts['caa'] {
  const records = values.map((value): CaaRecord => ({ critical: false, tag: 'issue', value }));
  return { status: 'ok', foundAt, records };
}

/** Below an apex, with addresses in place of the CNAME record, so that CAA records are possible. */
function addressed(changes: Partial<DomainFacts> = {}): DomainFacts {
  return healthyFacts({ cname: NODATA, cas: [LE], ...changes });
}

function hardening(facts: DomainFacts) {
  const { issues, records } = diagnose(facts, 'hardening');
  const issue = issues.find(({ code }) => code === 'CAA_BINDABLE');
  return { issue, record: records[issue?.fix.recordRef ?? -1] };
}

describe('CAA_BINDABLE', () => {
  it('comes only to who asks', () => {
    const facts = addressed();
    expect(diagnose(facts).issues.map(({ code }) => code)).not.toContain('CAA_BINDABLE');
    expect(diagnose(facts).records.map(({ type }) => type)).not.toContain('CAA');
    expect(hardening(facts).issue).toMatchObject({ severity: 'info', owner: 'customer' });
  });

  it('has the record to add, the last one, which nothing requires', () => {
    const { records } = diagnose(addressed(), 'hardening');
    expect(records.slice(0, -1)).toEqual(diagnose(addressed()).records);
    expect(records.at(-1)).toMatchObject({
      purpose: 'caa',
      required: false,
      action: 'add',
      fqdn: 'secrets.example.com',
      name: 'secrets',
      type: 'CAA',
      desired: [BOUND],
      observed: [],
    });
  });

  it('names every CA of the region, or none', () => {
    const cas = [LE, SECOND];
    expect(hardening(addressed({ cas })).record?.desired).toEqual([
      BOUND,
      '0 issue "pki.goog; accounturi=https://other.test/a/9"',
    ]);
    const unregistered = { ...SECOND, accountUri: null };
    expect(hardening(addressed({ cas: [LE, unregistered] })).issue).toBeUndefined();
    expect(hardening(addressed({ cas, hasUnnamedCa: true })).issue).toBeUndefined();
    expect(hardening(addressed({ cas: [] })).issue).toBeUndefined();
    const odd = { ...LE, accountUri: 'https://ca.test/acct;1' };
    expect(hardening(addressed({ cas: [odd] })).issue).toBeUndefined();
  });

  it('leaves every method open, also for a delegated name', () => {
    const cas = [{ ...LE, methods: ['http-01', 'tls-alpn-01', 'dns-01'] }];
    expect(hardening(addressed({ cas })).record?.desired).toEqual([BOUND]);
  });

  it('says what a record of its own forbids that the parent permits', () => {
    const facts = addressed({ caa: caa('example.com', 'letsencrypt.org', 'pki.example') });
    const { issue, record } = hardening(facts);
    expect(issue?.evidence['forbids']).toEqual(['pki.example']);
    expect(issue?.detail).toContain('pki.example');
    expect(issue?.detail).toContain('in place of the CAA records at example.com');
    expect(record).toMatchObject({ name: 'secrets', desired: [BOUND] });
  });

  it('is a line beside others that are there, which forbids nothing, and says so', () => {
    const own = caa('secrets.example.com', 'letsencrypt.org', 'pki.example');
    const { issue, record } = hardening(addressed({ caa: own }));
    expect(record?.desired).toEqual([BOUND]);
    expect(issue?.evidence).toMatchObject({ forbids: [], wider: ['0 issue "letsencrypt.org"'] });
    expect(issue?.detail).toMatch(/^It forbids nothing by itself\./);
    expect(issue?.fix.summary).toContain('beside those that are there');
  });

  it('takes the place of no record of the name itself that restricts no CA', () => {
    const iodef = { critical: false, tag: 'iodef', value: 'mailto:a@example.com' };
    const own = { status: 'ok', foundAt: 'secrets.example.com', records: [iodef] } as const;
    const { issue } = hardening(addressed({ caa: { ...own, records: [iodef] } }));
    expect(issue?.detail).toMatch(/could then issue: /);
    expect(issue?.fix.summary).toContain('beside those that are there');
  });

  it('sees that a record without an account permits every account by whatever method', () => {
    const own = caa(
      'secrets.example.com',
      'letsencrypt.org; validationmethods=dns-01',
      'letsencrypt.org; validationmethods=http-01; accounturi=https://ca.test/acct/1',
    );
    expect(hardening(addressed({ caa: own })).issue?.evidence['wider']).toEqual([
      '0 issue "letsencrypt.org; validationmethods=dns-01"',
    ]);
  });

  it('at the top of a zone never is the first record', () => {
    const apex = (changes: Partial<DomainFacts>) => apexFacts({ cas: [LE], ...changes });
    expect(hardening(apex({})).issue).toBeUndefined();
    const iodef = { critical: false, tag: 'iodef', value: 'mailto:a@example.com' };
    const reported = { status: 'ok', foundAt: 'example.com', records: [iodef] } as const;
    expect(hardening(apex({ caa: { ...reported, records: [iodef] } })).issue).toBeUndefined();
    const present = caa('example.com', 'letsencrypt.org');
    expect(hardening(apex({ caa: present })).record).toMatchObject({ name: '@', desired: [BOUND] });
    // A zone of its own below the registrable domain has a top too.
    const cut = addressed({
      nameServersOf: 'secrets.example.com',
      nameServers: ['ns1.example.net'],
    });
    expect(hardening(cut).issue).toBeUndefined();
  });

  it.each([
    ['with a CNAME record', { cname: found('k3v9q2m8x7c1b5n0.eu.ingress.onetime.example') }],
    ['whose CNAME look-up fails', { cname: SERVFAIL }],
    ['that a wildcard record answers for', { wildcard: true }],
    ['whose CAA look-up fails', { caa: { status: 'unanswerable', foundAt: null, records: [] } }],
    ['whose CAA records refuse us', { caa: caa('example.com', 'pki.example') }],
    [
      'that is bound',
      { caa: caa('example.com', 'letsencrypt.org; accounturi=https://ca.test/acct/1') },
    ],
    [
      'before its first certificate',
      { certificate: { ...healthyFacts().certificate, state: 'queued' } },
    ],
    ['without a certificate', { certificate: null }],
    [
      'with an uploaded certificate',
      { certificate: { ...healthyFacts().certificate, source: 'uploaded' } },
    ],
    ['that is blocked', { blocked: { since: '2026-11-01T00:00:00.000Z', reason: 'a copy' } }],
    [
      'that leads elsewhere',
      { a: found('198.51.100.7'), aaaa: NODATA, probe: probed({ status: 'html' }) },
    ],
    ['behind a proxy', { a: found('104.16.1.1'), aaaa: NODATA }],
    ['that is not proven', { ownership: { state: 'pending', provenAt: null, missingSince: null } }],
  ] as [string, Partial<DomainFacts>][])('is not for a name %s', (_what, changes) => {
    expect(hardening(addressed(changes)).issue).toBeUndefined();
  });

  it('advises nothing that would refuse our own accounts', () => {
    const cas = [LE, SECOND];
    for (const [foundAt, ...values] of [
      ['example.com', 'letsencrypt.org', 'pki.goog'],
      ['secrets.example.com', 'letsencrypt.org', 'pki.goog; accounturi=https://other.test/a/9'],
    ] as const) {
      const facts = addressed({ cas, caa: caa(foundAt, ...values) });
      const { record } = hardening(facts);
      const added = (record?.desired ?? []).map((line): CaaRecord => ({
        critical: false,
        tag: 'issue',
        value: /"(.*)"/.exec(line)?.[1] ?? '',
      }));
      const kept = foundAt === facts.hostname ? facts.caa.records : [];
      const records = [...kept, ...added];
      for (const ca of cas)
        expect(decideCaa({ status: 'ok', foundAt, records }, ca).kind).toBe('permitted');
    }
  });
});

describe('a CAA record that the customer has bound', () => {
  const withCaa = (...values: string[]) =>
    diagnose(
      addressed({
        a: found(OUR_ADDRESS),
        aaaa: found(OUR_IPV6),
        caa: caa('example.com', ...values),
      }),
    );
  const caaIssues = (...values: string[]) =>
    withCaa(...values).issues.filter(({ axis }) => axis === 'caa');
  const caaRecord = (...values: string[]) =>
    withCaa(...values).records.find(({ purpose }) => purpose === 'caa');

  it.each([
    'letsencrypt.org; accounturi=https://ca.test/acct/1',
    'letsencrypt.org;accounturi = https://ca.test/acct/1;validationmethods=dns-01,http-01',
  ])('to our account is fine: %s', (value) => {
    expect(caaIssues(value)).toEqual([]);
    expect(caaIssues('letsencrypt.org; accounturi=https://ca.test/acct/2', value)).toEqual([]);
  });

  it('to another account is named, and the record to add binds to ours', () => {
    const value = 'letsencrypt.org; accounturi=https://ca.test/acct/2';
    expect(caaIssues(value)).toMatchObject([
      { code: 'CAA_ACCOUNTURI', evidence: { foundAt: 'example.com' } },
    ]);
    const [issue] = caaIssues(value);
    expect(issue?.detail).toContain(`0 issue "${value}"`);
    expect(issue?.fix.summary).toContain(BOUND);
    expect(caaRecord(value)?.desired).toEqual([BOUND]);
  });

  it('to methods that we have not is named, and the record to add allows ours for that account', () => {
    const value = 'letsencrypt.org; validationmethods=dns-01; accounturi=https://ca.test/acct/1';
    const [issue] = caaIssues(value);
    expect(issue).toMatchObject({ code: 'CAA_METHOD' });
    expect(issue?.detail).toContain(`0 issue "${value}"`);
    expect(caaRecord(value)?.desired).toEqual([
      '0 issue "letsencrypt.org; accounturi=https://ca.test/acct/1; validationmethods=http-01"',
    ]);
    expect(caaRecord('letsencrypt.org; validationmethods=dns-01')?.desired).toEqual([
      '0 issue "letsencrypt.org; validationmethods=http-01"',
    ]);
  });

  it('to another account and to methods keeps the methods', () => {
    const other = 'letsencrypt.org; accounturi=https://ca.test/acct/2; validationmethods=';
    const ours = '0 issue "letsencrypt.org; accounturi=https://ca.test/acct/1; validationmethods=';
    expect(caaRecord(`${other}http-01`)?.desired).toEqual([`${ours}http-01"`]);
    expect(caaRecord(`${other}dns-01,http-01`)?.desired).toEqual([`${ours}dns-01,http-01"`]);
    // None of them is ours.
    expect(caaRecord(`${other}dns-01`)?.desired).toEqual([`${ours}http-01"`]);
    expect(caaRecord(`${other}http-01; validationmethods=dns-01`)?.desired).toEqual([
      `${ours}http-01"`,
    ]);
  });

  it.each([
    [null, 'is not known yet'],
    ['https://ca.test/acct/1;x', 'cannot be named'],
  ])('to another account opens the name to no account when ours is %s', (accountUri, words) => {
    const value = 'letsencrypt.org; accounturi=https://ca.test/acct/2';
    const cas = [{ domain: 'letsencrypt.org', accountUri, methods: ['http-01'] }];
    const { issues, records } = diagnose(
      addressed({ a: found(OUR_ADDRESS), cas, caa: caa('example.com', value) }),
    );
    expect(records.filter(({ purpose }) => purpose === 'caa')).toEqual([]);
    const [issue] = issues.filter(({ axis }) => axis === 'caa');
    expect(issue).toMatchObject({ code: 'CAA_ACCOUNTURI', owner: 'operator' });
    expect(issue?.fix.summary).toContain(words);
    expect(issue?.fix.summary).not.toContain('0 issue');
  });

  it('at another CA too is left to it', () => {
    expect(caaRecord('pki.example')?.desired).toEqual(['0 issue "letsencrypt.org"']);
  });
});
