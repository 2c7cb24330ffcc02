import {
  apexFacts,
  CHALLENGE,
  CHALLENGE_NAME,
  CERTIFICATE_FACTS,
  found,
  healthyFacts,
  NODATA,
  NXDOMAIN,
  OUR_ADDRESS,
  OUR_IPV6,
  pendingFacts,
  probed,
  SERVFAIL,
  FOREIGN_ADDRESS,
  TARGET,
  TIMEOUT,
} from '../../../test/fakes/domain-facts.js';
import { diagnose } from './diagnose.js';
import type { Issue } from './diagnosis.js';
import type { DnsAnswer } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import type { IssueCode } from './issue-code.js';

const codesOf = (facts: DomainFacts): IssueCode[] => diagnose(facts).issues.map(({ code }) => code);

const CASES = Object.entries(CERTIFICATE_FACTS) as [IssueCode, DomainFacts][];
const ELSEWHERE = healthyFacts({
  a: found(FOREIGN_ADDRESS),
  aaaa: NODATA,
  cname: NODATA,
  probe: probed({ status: 'html', address: FOREIGN_ADDRESS, httpStatus: 200 }),
});
const IPV6_ELSEWHERE = healthyFacts({ aaaa: found('2001:db8::1'), cname: NODATA });
const BEHIND_CLOUDFLARE = healthyFacts({
  a: found('104.16.1.1', '172.64.3.4'),
  aaaa: found('2606:4700::1'),
  cname: NODATA,
  probe: probed({ status: 'ours', address: '2606:4700::1', server: 'cloudflare' }),
});
const REFUSED_BY_CAA = healthyFacts({
  caa: {
    status: 'ok',
    foundAt: 'example.com',
    records: [{ critical: false, tag: 'issue', value: 'pki.example' }],
  },
});
/** No record fixes these. */
const WITHOUT_RECORD = new Set<IssueCode>([
  'CLOCK_SKEW',
  'CA_PAUSED',
  'CA_ACCOUNT',
  'KEY_MISMATCH',
  'CHAIN_INCOMPLETE',
]);

describe(diagnose.name, () => {
  it('reports no issue of a healthy name, subdomain or apex', () => {
    for (const facts of [healthyFacts(), apexFacts()]) {
      const { issues, routing, ownershipProof, records } = diagnose(facts);
      expect(issues).toEqual([]);
      expect([routing, ownershipProof]).toEqual(['pointed', 'present']);
      expect(records.map(({ status }) => status)).not.toContain('wrong');
      expect(records.every(({ action }) => action === 'keep')).toBe(true);
    }
  });

  it.each(CASES)('reports %s for its facts, and no other code', (code, facts) => {
    expect(codesOf(facts)).toEqual([code]);
  });

  it.each(CASES)('names in the fix of %s the record to change', (code, facts) => {
    const issue = diagnose(facts).issues.find((each) => each.code === code);
    const { summary } = (issue as Issue).fix;
    expect(issue?.title).not.toBe('');
    expect(issue?.detail).not.toBe('');
    expect(summary).toMatch(/\.$/);
    if (WITHOUT_RECORD.has(code)) return;
    expect(summary).toMatch(/(^|\W)secrets(\W|$)/);
  });

  it.each(CASES)('refers from %s to an existing record', (_, facts) => {
    const { issues, records } = diagnose(facts);
    for (const { fix } of issues) {
      if (fix.recordRef !== null) expect(records[fix.recordRef]).toBeDefined();
    }
  });

  it('sorts issues by severity', () => {
    const { issues } = diagnose({
      ...ELSEWHERE,
      clockSkewSeconds: 900,
      disagreement: true,
    });
    expect(issues.map(({ severity }) => severity)).toEqual(['blocking', 'warning', 'info']);
  });
});

describe('the text of a fix', () => {
  const fixOf = (code: IssueCode, facts: DomainFacts) =>
    diagnose(facts).issues.find((each) => each.code === code)?.fix.summary;

  it('names the record to delete', () => {
    expect(fixOf('AAAA_CONFLICT', IPV6_ELSEWHERE)).toBe(
      'Delete the AAAA record 2001:db8::1 at secrets.',
    );
    const mixed = healthyFacts({ a: found(OUR_ADDRESS, FOREIGN_ADDRESS), cname: NODATA });
    expect(fixOf('A_MIXED', mixed)).toBe('Delete the A record 198.51.100.7 at secrets.');
  });

  it('names the record to add as the DNS panel shows it', () => {
    const nothing = healthyFacts({ a: NXDOMAIN, aaaa: NXDOMAIN, cname: NXDOMAIN });
    expect(fixOf('NO_RECORDS', nothing)).toBe(
      `Add a CNAME record secrets with the value ${TARGET}.`,
    );
    const apex = apexFacts({ a: NODATA, aaaa: NODATA });
    expect(fixOf('NO_RECORDS', apex)).toBe('Add an A record @ with the value 192.0.2.10.');
    expect(fixOf('TXT_MISSING', pendingFacts({ txt: NXDOMAIN }))).toBe(
      `Add a TXT record _onetime-challenge-a1b2c3d with the value ${CHALLENGE}.`,
    );
    expect(fixOf('CAA_FORBIDS', REFUSED_BY_CAA)).toContain(
      'CAA record @ with the value 0 issue "letsencrypt.org"',
    );
  });

  it('is a warning about port 80 only if every CA can validate by tls-alpn-01', () => {
    const severity = (methods: string[]) => {
      const [ca] = healthyFacts().cas;
      const cas = ca === undefined ? [] : [{ ...ca, methods }];
      return diagnose(
        healthyFacts({ cas, probe: probed({ status: 'timeout', address: OUR_ADDRESS }) }),
      ).issues[0]?.severity;
    };
    expect(severity(['http-01'])).toBe('blocking');
    expect(severity(['http-01', 'tls-alpn-01'])).toBe('warning');
  });

  it('names the new value of the record', () => {
    expect(fixOf('CNAME_ELSEWHERE', { ...ELSEWHERE, cname: found('shop.example.net') })).toBe(
      `Change the CNAME record secrets from shop.example.net to the value ${TARGET}.`,
    );
  });

  it('never contains the URL of our ACME account', () => {
    const facts = healthyFacts();
    const problem = {
      type: 'urn:ietf:params:acme:error:rateLimited',
      status: 429,
      detail: 'slow down, https://ca.test/acme/acct/4711',
      subproblems: [],
    };
    const { issues } = diagnose({
      ...facts,
      certificate: facts.certificate && { ...facts.certificate, problem },
    });
    expect(JSON.stringify(issues)).not.toContain('4711');
  });
});

describe('the routing state', () => {
  const stateOf = (changes: Partial<DomainFacts>) => diagnose(healthyFacts(changes)).routing;

  it('is unknown while lookups fail, not "not_pointed"', () => {
    expect(stateOf({ a: TIMEOUT, aaaa: NODATA, cname: NODATA })).toBe('unknown');
    expect(stateOf({ a: NODATA, aaaa: SERVFAIL, cname: NODATA })).toBe('unknown');
    expect(stateOf({ a: NODATA, aaaa: NODATA, cname: NODATA })).toBe('not_pointed');
  });

  it('is pointed by a chain with the target, whatever the addresses', () => {
    expect(stateOf({ a: found('203.0.113.77'), aaaa: NODATA })).toBe('pointed');
    expect(stateOf({ cname: found('alias.example.com', TARGET.toUpperCase()) })).toBe('pointed');
  });

  it('is pointed if all addresses are ours, in any spelling', () => {
    expect(stateOf({ cname: NODATA, aaaa: found('2001:0DB8:10:0::10') })).toBe('pointed');
  });

  it('is pointed while the probe fails, and elsewhere if another server answers it', () => {
    for (const status of ['not_tried', 'timeout', 'refused', 'unreachable'] as const) {
      expect(stateOf({ probe: probed({ status }) })).toBe('pointed');
    }
    for (const status of ['html', 'http_error', 'redirected', 'redirect_loop'] as const) {
      expect(stateOf({ probe: probed({ status }) })).toBe('elsewhere');
    }
  });

  it('is wrong_region by a name of that region even if one process serves both', () => {
    const cname = found('k3v9q2m8x7c1b5n0.us.ingress.onetime.example');
    expect(stateOf({ cname })).toBe('wrong_region');
    expect(stateOf({ cname: NODATA, probe: probed({ status: 'other_region' }) })).toBe(
      'wrong_region',
    );
  });

  it('is mixed if one of several addresses is not ours', () => {
    expect(stateOf({ cname: NODATA, aaaa: found('2001:db8::1') })).toBe('mixed');
  });

  it('is proxied behind a known CDN and behind any server that passes the probe on', () => {
    const foreign = { cname: NODATA, aaaa: NODATA };
    expect(stateOf({ ...foreign, a: found('104.16.0.1'), probe: probed({}) })).toBe('proxied');
    const probe = probed({ status: 'ours', address: FOREIGN_ADDRESS });
    expect(stateOf({ ...foreign, a: found(FOREIGN_ADDRESS), probe })).toBe('proxied');
    expect(stateOf({ ...foreign, a: found(FOREIGN_ADDRESS), probe: probed({}) })).toBe('elsewhere');
  });

  it('has a blocking issue only while the proxy does not pass the probe on', () => {
    const severity = (facts: DomainFacts) => diagnose(facts).issues[0]?.severity;
    expect(severity(BEHIND_CLOUDFLARE)).toBe('warning');
    expect(severity({ ...BEHIND_CLOUDFLARE, probe: probed({}) })).toBe('blocking');
  });
});

describe('the proof of ownership', () => {
  const proofOf = (changes: Partial<DomainFacts>) =>
    diagnose(pendingFacts({ isApex: false, ...changes })).ownershipProof;
  const needsCname = { ...healthyFacts().expected, needsCnameProof: true };

  it('is any matching TXT value among several', () => {
    expect(proofOf({ txt: found('other', CHALLENGE) })).toBe('present');
    expect(proofOf({ txt: found('other', `${CHALLENGE}0`) })).toBe('absent');
    expect(proofOf({ txt: found(CHALLENGE.toUpperCase()) })).toBe('present');
  });

  it("is a chain to the claim's own target by names in the customer's zone only", () => {
    const txt = NXDOMAIN;
    expect(proofOf({ txt, cname: found(TARGET) })).toBe('present');
    expect(proofOf({ txt, cname: found('alias.example.com', TARGET) })).toBe('present');
    expect(proofOf({ txt, cname: found('alias.example.net', TARGET) })).toBe('absent');
    expect(proofOf({ txt, cname: found('alias.notexample.com', TARGET) })).toBe('absent');
  });

  it('is never the target of another claim, although it points here', () => {
    const cname = found('zzzzzzzzzzzzzzzz.eu.ingress.onetime.example');
    const { ownershipProof, routing } = diagnose(
      healthyFacts({ txt: NXDOMAIN, cname, ownership: pendingFacts().ownership }),
    );
    expect([ownershipProof, routing]).toEqual(['absent', 'pointed']);
  });

  it('is never a CNAME at the apex', () => {
    expect(proofOf({ isApex: true, txt: NXDOMAIN, cname: found(TARGET) })).toBe('absent');
  });

  it('needs both records for a name that another account lost lately', () => {
    const expected = needsCname;
    expect(proofOf({ expected, txt: found(CHALLENGE), cname: NODATA })).toBe('absent');
    expect(proofOf({ expected, txt: NXDOMAIN, cname: found(TARGET) })).toBe('absent');
    expect(proofOf({ expected, txt: found(CHALLENGE), cname: TIMEOUT })).toBe('unknown');
    expect(proofOf({ expected, txt: found(CHALLENGE), cname: found(TARGET) })).toBe('present');
    expect(proofOf({ expected, isApex: true, cname: NODATA })).toBe('present');
  });

  it('is unknown, never absent, if a deciding lookup failed', () => {
    for (const failed of [SERVFAIL, TIMEOUT] satisfies DnsAnswer<string>[]) {
      expect(proofOf({ txt: failed, cname: NODATA })).toBe('unknown');
      expect(proofOf({ txt: NXDOMAIN, cname: failed })).toBe('unknown');
      expect(proofOf({ txt: failed, cname: found(TARGET) })).toBe('present');
    }
    expect(proofOf({ txt: NXDOMAIN, cname: NODATA })).toBe('absent');
  });
});

describe('the records', () => {
  it('are the TXT and CNAME records to add, for a name without records', () => {
    const { records } = diagnose(
      healthyFacts({ a: NXDOMAIN, aaaa: NXDOMAIN, cname: NXDOMAIN, txt: NXDOMAIN }),
    );
    expect(records).toMatchObject([
      {
        purpose: 'ownership',
        action: 'add',
        status: 'missing',
        fqdn: CHALLENGE_NAME,
        name: '_onetime-challenge-a1b2c3d.secrets',
        type: 'TXT',
        desired: [CHALLENGE],
        observed: [],
      },
      {
        purpose: 'routing',
        action: 'add',
        status: 'missing',
        fqdn: 'secrets.example.com',
        name: 'secrets',
        type: 'CNAME',
        desired: [TARGET],
        required: true,
      },
    ]);
  });

  it('at the apex are address records with the name @', () => {
    const { records } = diagnose(apexFacts({ a: NODATA, aaaa: NODATA }));
    expect(records.slice(1)).toMatchObject([
      { name: '@', type: 'A', desired: [OUR_ADDRESS], action: 'add', required: true },
      { name: '@', type: 'AAAA', desired: [OUR_IPV6], action: 'add', required: false },
    ]);
  });

  it('say which ones to remove', () => {
    const { records } = diagnose(IPV6_ELSEWHERE);
    expect(records.find(({ type }) => type === 'AAAA')).toMatchObject({
      action: 'remove',
      status: 'conflict',
      observed: ['2001:db8::1'],
    });
  });

  it('have a hint for the Cloudflare panel', () => {
    const { records } = diagnose(BEHIND_CLOUDFLARE);
    expect(records[1]?.providerHint).toContain('DNS only');
  });

  it('contain the CAA record to add at the name of the others', () => {
    const { records, issues } = diagnose(REFUSED_BY_CAA);
    const at = records.findIndex(({ purpose }) => purpose === 'caa');
    expect(records[at]).toMatchObject({
      name: '@',
      type: 'CAA',
      action: 'add',
      desired: ['0 issue "letsencrypt.org"'],
      observed: ['0 issue "pki.example"'],
    });
    expect(issues[0]?.fix.recordRef).toBe(at);
  });
});
