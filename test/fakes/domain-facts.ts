import { localProblem, problemFromAnswer, problemFromObject } from '../../src/acme/acme-problem.js';
import { caProblem, ownProblem } from '../../src/certificates/stored-problem.js';
import {
  uploadProblem,
  type UploadRefusalCode,
} from '../../src/certificates/uploads/uploaded-certificate.js';
import {
  ACME_CHALLENGE_UNASKED,
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
export const DELEGATION_TARGET = 'k3v9q2m8x7c1b5n0.acme.eu.onetime.example';
export const CHALLENGE = '0123456789abcdef0123456789abcdef';
export const CHALLENGE_NAME = '_onetime-challenge-a1b2c3d.secrets.example.com';

export function found(...values: string[]): DnsAnswer<string> {
  return { status: 'ok', values, ttlSeconds: 300 };
}

export const NODATA: DnsAnswer<string> = { status: 'nodata' };
export const NXDOMAIN: DnsAnswer<string> = { status: 'nxdomain' };
export const TIMEOUT: DnsAnswer<string> = { status: 'timeout' };
export const SERVFAIL: DnsAnswer<string> = { status: 'servfail' };

const CERTIFICATE: CertificateFacts = {
  state: 'active',
  heldBy: 'none',
  nextAt: null,
  problem: null,
  notAfter: '2027-02-01T00:00:00.000Z',
  renewAt: '2027-01-01T00:00:00.000Z',
  source: 'acme',
  isKeyReadable: true,
  asOf: '2026-11-23T12:00:00.000Z',
};

/** A verified name with the right records, a successful probe and a certificate: no issues. */
export function healthyFacts(changes: Partial<DomainFacts> = {}): DomainFacts {
  return {
    hostname: 'secrets.example.com',
    zone: 'example.com',
    relativeName: 'secrets',
    isApex: false,
    pairName: null,
    pairAddresses: { status: 'unasked' },
    pairChain: [],
    isPairClaimed: true,
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
      delegation: {
        name: '_acme-challenge.secrets.example.com',
        target: DELEGATION_TARGET,
        isOffered: false,
      },
    },
    acmeChallenge: ACME_CHALLENGE_UNASKED,
    persist: { status: 'unasked' },
    delegation: {
      state: 'unknown',
      isPointed: true,
      windowEndsAt: '2026-12-01T00:00:00.000Z',
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
    nameServersOf: null,
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
    blocked: null,
    ownership: { state: 'verified', provenAt: '2026-11-01T00:00:00.000Z', missingSince: null },
    certificate: CERTIFICATE,
    setup: null,
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

/** For each code of a certificate, facts that lead to this code and to no other. */
export const CERTIFICATE_FACTS = {
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
  CERT_KEY_UNREADABLE: healthyFacts({ certificate: { ...CERTIFICATE, isKeyReadable: false } }),
  UPLOADED_CERT_MISMATCH: uploadOf('UPLOADED_CERT_MISMATCH', 'it names other.example.com'),
  KEY_MISMATCH: uploadOf('KEY_MISMATCH', 'the public keys differ'),
  CHAIN_INCOMPLETE: uploadOf('CHAIN_INCOMPLETE', 'no intermediate certificate'),
} satisfies Partial<Record<IssueCode, DomainFacts>>;
