import { found, healthyFacts, NODATA, SERVFAIL } from '../../../test/fakes/domain-facts.js';
import type { CaIdentity } from '../../dns/caa-record.js';
import type { DnsAnswer } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { diagnose } from './diagnose.js';

const ACCOUNT = 'https://ca.test/acct/1';
const OFFERING: CaIdentity = {
  domain: 'letsencrypt.org',
  accountUri: ACCOUNT,
  methods: ['http-01', 'dns-persist-01'],
};
const GOOD = `letsencrypt.org; accounturi=${ACCOUNT}`;
const OBSERVED = Date.parse(healthyFacts().observedAt) / 1000;
const DAY = 86_400;

function issuesOf(persist: DnsAnswer<string>, changes: Partial<DomainFacts> = {}) {
  return diagnose(healthyFacts({ cas: [OFFERING], persist, ...changes })).issues;
}

describe('the record for dns-persist-01', () => {
  it.each([
    ['is there', found(GOOD)],
    ['is not there', NODATA],
    ['was not asked for', { status: 'unasked' } as const],
    ['cannot be looked up', SERVFAIL],
    ['names another CA', found('other.example; accounturi=x;')],
    ['has a long time left', found(`${GOOD}; persistUntil=${OBSERVED + 31 * DAY}`)],
    ['stands beside broken ones', found(`${GOOD};`, GOOD)],
  ])('is no issue when it %s, and nobody is asked for it', (_what, persist) => {
    expect(issuesOf(persist)).toEqual([]);
    const { records } = diagnose(healthyFacts({ cas: [OFFERING], persist }));
    expect(records.map(({ fqdn }) => fqdn)).not.toContain(
      '_validation-persist.secrets.example.com',
    );
  });

  it.each([
    ['PERSIST_MALFORMED', `${GOOD};`],
    ['PERSIST_OTHER_ACCOUNT', `${GOOD}2`],
    ['PERSIST_EXPIRED', `${GOOD}; persistUntil=${OBSERVED - 1}`],
    ['PERSIST_EXPIRING', `${GOOD}; persistUntil=${OBSERVED + 30 * DAY}`],
    ['PERSIST_TOO_WIDE', `${GOOD}; policy=wildcard`],
  ])('has the issue %s, which names it', (code, value) => {
    const [issue, ...others] = issuesOf(found(value));
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ code, axis: 'certificate', evidence: { value } });
    expect(issue?.fix.summary).toContain('TXT record _validation-persist.secrets');
    expect(issue?.severity).not.toBe('blocking');
  });

  it('is nothing to CAs that do not offer it', () => {
    const without = [{ ...OFFERING, methods: ['http-01'] }];
    expect(issuesOf(found(`${GOOD};`), { cas: without })).toEqual([]);
  });

  it('is the method that a CAA record allows only where it is right', () => {
    const value = 'letsencrypt.org; validationmethods=dns-persist-01';
    const caa: DomainFacts['caa'] = {
      status: 'ok',
      foundAt: 'example.com',
      records: [{ critical: false, tag: 'issue', value }],
    };
    expect(issuesOf(found(GOOD), { caa })).toEqual([]);
    const [issue] = issuesOf(NODATA, { caa });
    expect(issue).toMatchObject({ code: 'CAA_METHOD' });
    expect(issue?.detail).toContain('does not allow http-01:');
  });
});
