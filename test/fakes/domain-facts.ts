import { localProblem, problemFromAnswer, problemFromObject } from '../../src/acme/acme-problem.js';
import { caProblem, ownProblem } from '../../src/certificates/stored-problem.js';
import {
  uploadProblem,
  type UploadRefusalCode,
} from '../../src/certificates/uploads/uploaded-certificate.js';
import {
  NOT_PROBED,
  type CertificateFacts,
  type CertificateProblem,
  type DomainFacts,
  type ProbeFacts,
} from '../../src/domains/domain-facts.js';
import type { DnsAnswer } from '../../src/dns/dns-answer.js';
import type { IssueCode } from '../../src/domains/diagnosis/issue-code.js';

export const OUR_ADDRESS = '192.0.2.10';
export const OUR_IPV6 = '2001:db8:10::10';
export const FOREIGN_ADDRESS = '198.51.100.7';
export const TARGET = 'k3v9q2m8x7c1b5n0.eu.ingress.onetime.example';
export const CHALLENGE = '0123456789abcdef0123456789abcdef';
export const CHALLENGE_NAME = '_onetime-challenge-a1b2c3d.secrets.example.com';

export function found(...values: string[]): DnsAnswer<string> {
  return { status: 'ok', values, ttlSeconds: 300 };
}

export const NODATA: DnsAnswer<string> = { status: 'nodata' };
export const NXDOMAIN: DnsAnswer<string> = { status: 'nxdomain' };
export const TIMEOUT: DnsAnswer<string> = { status: 'timeout' };
export const UNASKED: DnsAnswer<string> = { status: 'unasked' };
export const SERVFAIL: DnsAnswer<string> = { status: 'servfail' };

const CERTIFICATE: CertificateFacts = {
  state: 'active',
  heldBy: 'none',
  nextAt: null,
  problem: null,
  notAfter: '2027-02-01T00:00:00.000Z',
  renewAt: '2027-01-01T00:00:00.000Z',
  source: 'acme',
  asOf: '2026-11-23T12:00:00.000Z',
};

/** A verified name with the right records, a successful probe and a certificate: no issues. */
export function healthyFacts(changes: Partial<DomainFacts> = {}): DomainFacts {
  return {
    hostname: 'secrets.example.com',
    zone: 'example.com',
    relativeName: 'secrets',
    isApex: false,
    observedAt: '2026-11-23T12:00:00.000Z',
    expected: {
      target: TARGET,
      ingressAddresses: [OUR_ADDRESS, OUR_IPV6],
      ingressSuffix: 'eu.ingress.onetime.example',
      otherIngressSuffixes: ['us.ingress.onetime.example'],
      ownHosts: ['eu.onetime.example', 'onetime.example'],
      otherHosts: ['us.onetime.example'],
      challengeName: CHALLENGE_NAME,
      challengeValue: CHALLENGE,
      needsCnameProof: false,
    },
    a: found(OUR_ADDRESS),
    aaaa: found(OUR_IPV6),
    cname: found(TARGET),
    cnameByServer: [],
    cnameFollowed: [],
    routingFoundAt: [],
    cnameSiblings: [],
    txt: found(CHALLENGE),
    txtByServer: [],
    txtChain: [],
    txtWildcard: false,
    txtFoundAt: [],
    mx: NODATA,
    ownTypes: [],
    nameServers: [],
    txtDoubled: NXDOMAIN,
    txtAtName: NODATA,
    caa: { status: 'ok', foundAt: null, records: [] },
    cas: [
      { domain: 'letsencrypt.org', accountUri: 'https://ca.test/acct/1', methods: ['http-01'] },
    ],
    zoneStatus: 'exists',
    wildcard: false,
    disagreement: false,
    dnssecBogus: false,
    clockSkewSeconds: 0,
    probe: probed({ status: 'ours', address: OUR_IPV6, httpStatus: 200 }),
    conflict: false,
    ownership: { state: 'verified', provenAt: '2026-11-01T00:00:00.000Z', missingSince: null },
    certificate: CERTIFICATE,
    ...changes,
  };
}

export function probed(changes: Partial<ProbeFacts>): ProbeFacts {
  return { ...NOT_PROBED, ...changes };
}

/** An unproven claim to an apex, so that the TXT record alone decides. */
export function pendingFacts(changes: Partial<DomainFacts> = {}): DomainFacts {
  return apexFacts({
    ownership: { state: 'pending', provenAt: null, missingSince: null },
    certificate: null,
    ...changes,
  });
}

export function apexFacts(changes: Partial<DomainFacts> = {}): DomainFacts {
  const healthy = healthyFacts();
  return healthyFacts({
    hostname: 'example.com',
    relativeName: '@',
    isApex: true,
    cname: NODATA,
    expected: { ...healthy.expected, challengeName: '_onetime-challenge-a1b2c3d.example.com' },
    ...changes,
  });
}

/** With records that lead to a foreign address. */
function elsewhere(changes: Partial<DomainFacts> = {}): DomainFacts {
  return healthyFacts({
    a: found(FOREIGN_ADDRESS),
    aaaa: NODATA,
    cname: NODATA,
    probe: probed({ status: 'html', address: FOREIGN_ADDRESS, httpStatus: 200 }),
    ...changes,
  });
}

/** With our addresses and another result of the probe. */
function answeredBy(probe: Partial<ProbeFacts>): DomainFacts {
  return healthyFacts({ probe: probed({ address: OUR_ADDRESS, ...probe }) });
}

function withCaa(value: string, changes: { critical?: boolean; tag?: string } = {}): DomainFacts {
  const record = { critical: false, tag: 'issue', value, ...changes };
  return healthyFacts({ caa: { status: 'ok', foundAt: 'example.com', records: [record] } });
}

function withProblem(problem: CertificateProblem): DomainFacts {
  const { certificate } = healthyFacts();
  return healthyFacts({ certificate: certificate && { ...certificate, problem } });
}

const NOW = new Date('2026-11-23T12:00:00.000Z');

/** As the ACME client reads a CA's refusal of a request, and as it is stored. */
function refused(status: number, name: string, detail: string): DomainFacts {
  const data = { type: `urn:ietf:params:acme:error:${name}`, status, detail };
  return withProblem(caProblem(problemFromAnswer({ status, headers: {}, data }, NOW), 'ca.test'));
}

/** As the ACME client reads the error of a challenge or an order. */
function invalid(status: number, name: string, detail: string): DomainFacts {
  const document = { type: `urn:ietf:params:acme:error:${name}`, status, detail };
  const problem = problemFromObject(document);
  if (problem === null) throw new Error('no problem document');
  return withProblem(caProblem(problem, 'ca.test'));
}

function uploadOf(code: UploadRefusalCode, message: string): DomainFacts {
  return withProblem(uploadProblem({ field: 'certificate', code, message }));
}

const expected = healthyFacts().expected;
const missingProof = {
  state: 'verified',
  provenAt: null,
  missingSince: '2026-11-20T00:00:00.000Z',
};

/** For each code, facts that lead to this code and to no other. */
export const FACTS_BY_CODE = {
  NOT_CHECKED: healthyFacts({
    a: UNASKED,
    aaaa: UNASKED,
    cname: UNASKED,
    txt: UNASKED,
    probe: probed({}),
    ownership: { state: 'pending', provenAt: null, missingSince: null },
    certificate: null,
  }),
  ZONE_NXDOMAIN: healthyFacts({
    a: NXDOMAIN,
    aaaa: NXDOMAIN,
    cname: NXDOMAIN,
    txt: NXDOMAIN,
    zoneStatus: 'nxdomain',
    ownership: { state: 'pending', provenAt: null, missingSince: null },
    probe: probed({}),
  }),
  ZONE_SERVFAIL: healthyFacts({
    a: SERVFAIL,
    aaaa: SERVFAIL,
    cname: SERVFAIL,
    txt: SERVFAIL,
    caa: { status: 'unanswerable', foundAt: null, records: [] },
    zoneStatus: 'unknown',
    ownership: { state: 'pending', provenAt: null, missingSince: null },
    probe: probed({}),
  }),
  DNSSEC_BOGUS: healthyFacts({
    a: SERVFAIL,
    aaaa: SERVFAIL,
    cname: SERVFAIL,
    txt: SERVFAIL,
    dnssecBogus: true,
    probe: probed({}),
  }),
  DNS_UNREACHABLE: healthyFacts({
    a: TIMEOUT,
    aaaa: TIMEOUT,
    cname: TIMEOUT,
    txt: TIMEOUT,
    caa: { status: 'unanswerable', foundAt: null, records: [] },
    ownership: { state: 'pending', provenAt: null, missingSince: null },
    probe: probed({}),
  }),
  DNS_DISAGREEMENT: healthyFacts({ disagreement: true }),
  CONFLICT_OTHER_CLAIM: pendingFacts({
    conflict: true,
    txt: NXDOMAIN,
    ownership: { state: 'conflict', provenAt: null, missingSince: null },
  }),
  OWNERSHIP_LAPSED: apexFacts({
    txt: NXDOMAIN,
    ownership: { ...missingProof, state: 'lapsed' },
  }),
  OWNERSHIP_PROOF_GONE: apexFacts({ txt: NXDOMAIN, ownership: missingProof }),
  CNAME_PROOF_REQUIRED: healthyFacts({
    expected: { ...expected, needsCnameProof: true },
    cname: NODATA,
    ownership: { state: 'pending', provenAt: null, missingSince: null },
  }),
  PROOF_SPREADING: pendingFacts({ txtByServer: [[CHALLENGE], [], []] }),
  TXT_MISSING: pendingFacts({ txt: NXDOMAIN }),
  TXT_MISMATCH: pendingFacts({ txt: found('ffffffffffffffffffffffffffffffff') }),
  TXT_DOUBLE_LABEL: pendingFacts({ txt: NXDOMAIN, txtDoubled: found(CHALLENGE) }),
  TXT_QUOTED: pendingFacts({ txt: found(`"${CHALLENGE}" `) }),
  TXT_UPPER_CASE: pendingFacts({ txt: found(CHALLENGE.toUpperCase()) }),
  TXT_EXTRA_TEXT: pendingFacts({ txt: found(`https://${CHALLENGE}`) }),
  TXT_WRONG_NAME: pendingFacts({
    txt: NXDOMAIN,
    txtFoundAt: ['onetime-challenge-a1b2c3d.example.com'],
  }),
  TXT_IS_CNAME: pendingFacts({ txt: NODATA, txtChain: [`${CHALLENGE}.example.com`] }),
  TXT_ON_PROXIED_NAME: healthyFacts({
    a: found('104.16.1.1'),
    aaaa: NODATA,
    cname: NODATA,
    txt: NXDOMAIN,
    txtAtName: found(CHALLENGE),
    probe: probed({ status: 'ours', address: '104.16.1.1', server: 'cloudflare' }),
    ownership: { state: 'pending', provenAt: null, missingSince: null },
  }),
  TXT_AT_NAME: pendingFacts({ txt: NXDOMAIN, txtAtName: found('v=spf1 -all', CHALLENGE) }),
  TXT_UNANSWERABLE: pendingFacts({ txt: TIMEOUT }),
  NO_RECORDS: healthyFacts({ a: NXDOMAIN, aaaa: NXDOMAIN, cname: NXDOMAIN, probe: probed({}) }),
  TARGET_UNRESOLVED: healthyFacts({ a: NODATA, aaaa: NODATA, probe: probed({}) }),
  A_ELSEWHERE: elsewhere(),
  A_MIXED: healthyFacts({ a: found(OUR_ADDRESS, FOREIGN_ADDRESS), cname: NODATA }),
  AAAA_CONFLICT: healthyFacts({ aaaa: found('2001:db8::1'), cname: NODATA }),
  ADDRESS_INSTEAD_OF_CNAME: healthyFacts({ cname: NODATA }),
  CNAME_ELSEWHERE: elsewhere({ cname: found('shop.example.net') }),
  CNAME_OTHER_TARGET: healthyFacts({ cname: found('zzzzzzzzzzzzzzzz.eu.ingress.onetime.example') }),
  CNAME_AT_APEX: apexFacts({ cname: found(TARGET) }),
  CNAME_WITH_SIBLINGS: healthyFacts({ cnameSiblings: ['A', 'TXT'] }),
  CNAME_CHAIN_TOO_LONG: healthyFacts({
    cname: found(...Array.from({ length: 9 }, (_, at) => `hop${at}.example.com`), TARGET),
  }),
  CNAME_LOOP: elsewhere({
    a: SERVFAIL,
    cname: found('a.example.com'),
    cnameFollowed: ['secrets.example.com'],
    probe: probed({}),
  }),
  CNAME_UNRESOLVED: elsewhere({
    a: SERVFAIL,
    cname: found('shop.example.net'),
    probe: probed({}),
  }),
  CNAME_VALUE_DOUBLED: elsewhere({
    a: NXDOMAIN,
    cname: found(`${TARGET}.example.com`),
    probe: probed({}),
  }),
  CNAME_VALUE_URL: elsewhere({
    a: NXDOMAIN,
    cname: found(`https://${TARGET}/`),
    probe: probed({}),
  }),
  CNAME_DOUBLE_LABEL: elsewhere({
    a: NXDOMAIN,
    routingFoundAt: ['secrets.example.com.example.com'],
    probe: probed({}),
  }),
  CNAME_WRONG_NAME: elsewhere({
    a: NXDOMAIN,
    routingFoundAt: ['example.com'],
    probe: probed({}),
  }),
  CNAME_IS_TXT: elsewhere({
    a: NODATA,
    txtAtName: found(TARGET),
    ownTypes: ['TXT'],
    probe: probed({}),
  }),
  A_DOUBLE_LABEL: apexFacts({
    a: NODATA,
    aaaa: NODATA,
    routingFoundAt: ['example.com.example.com'],
    probe: probed({}),
  }),
  A_MISSING: healthyFacts({ a: NODATA, cname: NODATA }),
  CNAME_STALE_REGION: healthyFacts({
    cname: found('k3v9q2m8x7c1b5n0.us.ingress.onetime.example'),
    a: found('203.0.113.5'),
    aaaa: NODATA,
    probe: probed({ status: 'other_region', address: '203.0.113.5' }),
  }),
  PRIVATE_ADDRESS: elsewhere({
    a: found('10.1.2.3'),
    probe: probed({ status: 'private_address', address: '10.1.2.3' }),
  }),
  WILDCARD_SHADOW: elsewhere({ wildcard: true }),
  PROXY_CLOUDFLARE: healthyFacts({
    a: found('104.16.1.1', '172.64.3.4'),
    aaaa: found('2606:4700::1'),
    cname: NODATA,
    probe: probed({ status: 'ours', address: '2606:4700::1', server: 'cloudflare' }),
  }),
  PROXY_OTHER: elsewhere({ cname: found('d111111abcdef8.cloudfront.net'), probe: probed({}) }),
  REDIRECT_FORCED_HTTPS: answeredBy({
    status: 'ours',
    viaHttps: true,
    location: 'https://secrets.example.com/',
  }),
  REDIRECT_LOOP: answeredBy({ status: 'redirect_loop', httpStatus: 301 }),
  REDIRECT_BAD_PORT: answeredBy({
    status: 'redirect_bad_port',
    location: 'https://secrets.example.com:8443/',
  }),
  REDIRECT_ELSEWHERE: answeredBy({ status: 'redirected', location: 'https://www.example.com/' }),
  PORT80_TIMEOUT: answeredBy({ status: 'timeout' }),
  PORT80_REFUSED: answeredBy({ status: 'refused' }),
  PORT80_UNREACHABLE: answeredBy({ status: 'unreachable' }),
  CHALLENGE_404: answeredBy({ status: 'http_error', httpStatus: 404 }),
  CHALLENGE_HTML: answeredBy({ status: 'html', httpStatus: 200 }),
  CAA_FORBIDS: withCaa('pki.example'),
  CAA_ACCOUNTURI: withCaa('letsencrypt.org; accounturi=https://ca.test/acct/2'),
  CAA_METHOD: withCaa('letsencrypt.org; validationmethods=dns-01'),
  CAA_CRITICAL: withCaa('unknown', { critical: true, tag: 'tbs' }),
  CAA_UNANSWERABLE: healthyFacts({
    caa: { status: 'unanswerable', foundAt: null, records: [] },
  }),
  RATE_LIMIT_CERTS_PER_DOMAIN: refused(
    429,
    'rateLimited',
    'too many certificates (50) already issued for "example.com" in the last 168h0m0s',
  ),
  RATE_LIMIT_EXACT_SET: refused(
    429,
    'rateLimited',
    'too many certificates (5) already issued for this exact set of identifiers',
  ),
  RATE_LIMIT_FAILURES: refused(
    429,
    'rateLimited',
    'too many failed authorizations (5) for "secrets.example.com"',
  ),
  RATE_LIMIT_OTHER: refused(429, 'rateLimited', 'too many new orders'),
  CA_PAUSED: refused(
    429,
    'rateLimited',
    'Your account is temporarily prevented from requesting certificates for secrets.example.com: paused. See https://ca.test/unpause?jwt=x',
  ),
  CA_DOWN: refused(503, 'serverInternal', 'The service is down for maintenance'),
  CA_ACCOUNT: refused(403, 'unauthorized', 'An account with the provided key is deactivated'),
  CA_NO_CHALLENGE: withProblem(
    caProblem(localProblem('no_challenge', 'the CA offers no http-01'), 'ca.test'),
  ),
  CA_WRONG_CERTIFICATE: withProblem(
    caProblem(localProblem('certificate_wrong_key', 'it is for another key'), 'ca.test'),
  ),
  CA_PROBLEM: refused(400, 'badCSR', 'the CSR is signed with a weak key'),
  CERT_BLOCKED_BY_ROUTING: withProblem(ownProblem('routing', 'The name does not lead here.')),
  CERT_BLOCKED_BY_OWNERSHIP: withProblem(ownProblem('not_entitled', 'The plan has lapsed.')),
  CA_REJECTED_IDENTIFIER: refused(400, 'rejectedIdentifier', 'policy forbids issuing'),
  GEO_BLOCKED: invalid(
    403,
    'unauthorized',
    'During secondary validation: 203.0.113.9: Fetching: Timeout during connect',
  ),
  VALIDATION_FAILED: invalid(403, 'unauthorized', 'the key authorization was wrong'),
  CLOCK_SKEW: healthyFacts({ clockSkewSeconds: -900 }),
  CERT_EXPIRING_NO_PROGRESS: healthyFacts({
    certificate: { ...CERTIFICATE, asOf: '2027-01-20T00:00:00.000Z' },
  }),
  UPLOADED_CERT_MISMATCH: uploadOf('UPLOADED_CERT_MISMATCH', 'it names other.example.com'),
  KEY_MISMATCH: uploadOf('KEY_MISMATCH', 'the public keys differ'),
  CHAIN_INCOMPLETE: uploadOf('CHAIN_INCOMPLETE', 'no intermediate certificate'),
} satisfies Record<IssueCode, DomainFacts>;
