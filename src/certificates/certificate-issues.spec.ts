import { CERTIFICATE_FACTS, healthyFacts } from '../../test/fakes/domain-facts.js';
import { ACME_ERROR_NAMES } from '../acme/acme-error-names.js';
import {
  ACME_ERROR,
  AcmeProblem,
  LOCAL_PROBLEM_TYPES,
  localProblem,
  problemFromAnswer,
  problemFromObject,
} from '../acme/acme-problem.js';
import { OWN_PROBLEM_TYPES, problemKind } from '../domains/certificate-problem.js';
import type { DomainFacts } from '../domains/domain-facts.js';
import { diagnose } from '../domains/diagnosis/diagnose.js';
import { ISSUE_CATALOGUE } from '../domains/diagnosis/issue-catalogue.js';
import type { IssueCode } from '../domains/diagnosis/issue-code.js';
import type { StoredProblem } from './issuance.js';
import { caProblem, ownProblem } from './stored-problem.js';

const NOW = new Date('2026-11-23T12:00:00.000Z');

function issuesOf(problem: StoredProblem | null, heldBy = 'backoff') {
  const { certificate } = healthyFacts();
  const facts = { ...certificate, state: 'queued', heldBy, problem } as typeof certificate;
  return diagnose(healthyFacts({ certificate: facts })).issues;
}

const codeOf = (problem: StoredProblem) => issuesOf(problem).map(({ code }) => code);
const fromAnswer = (status: number, data: unknown) =>
  caProblem(problemFromAnswer({ status, headers: {}, data }, NOW), 'ca.test');
const fromObject = (document: object) =>
  caProblem(problemFromObject(document) as AcmeProblem, 'ca.test');

describe('the issue of a stored problem', () => {
  it.each(OWN_PROBLEM_TYPES)('exists for our own %s', (type) => {
    expect(codeOf(ownProblem(type, 'why'))).toHaveLength(1);
  });

  it.each(LOCAL_PROBLEM_TYPES)('exists for %s, found by the ACME client', (type) => {
    expect(codeOf(caProblem(localProblem(type, 'why'), 'ca.test'))).toHaveLength(1);
  });

  it.each(ACME_ERROR_NAMES)('exists for %s, in an answer and in a challenge', (name) => {
    const document = { type: `${ACME_ERROR}${name}`, detail: 'why' };
    expect(codeOf(fromAnswer(400, document))).toHaveLength(1);
    expect(codeOf(fromObject(document))).toHaveLength(1);
  });

  it.each([
    [400, { type: `${ACME_ERROR}ofTomorrow`, detail: 'new' }, 'CA_PROBLEM'],
    [418, '<html>teapot</html>', 'CA_PROBLEM'],
    [500, '<html>error</html>', 'CA_DOWN'],
    [429, '<html>slow down</html>', 'RATE_LIMIT_OTHER'],
    [403, { type: `${ACME_ERROR}unauthorized`, detail: 'account deactivated' }, 'CA_ACCOUNT'],
    [400, { type: `${ACME_ERROR}accountDoesNotExist`, detail: 'gone' }, 'CA_ACCOUNT'],
    [409, { type: 'https://ca.test/other', detail: 'not ACME' }, 'CA_PROBLEM'],
  ] as const)('of a %d with %j is %s', (status, data, code) => {
    expect(codeOf(fromAnswer(status, data))).toEqual([code]);
  });

  it('of a compound problem is the one of its parts', () => {
    const caa = { type: `${ACME_ERROR}caa`, detail: 'CAA record forbids issuance' };
    const compound = { type: `${ACME_ERROR}compound`, detail: 'see below', subproblems: [caa] };
    expect(codeOf(fromObject(compound))).toEqual(['CAA_FORBIDS']);
  });

  it('tells a validation that failed from an account that is refused', () => {
    const document = { type: `${ACME_ERROR}unauthorized`, status: 403, detail: 'wrong' };
    expect(codeOf(fromObject(document))).toEqual(['VALIDATION_FAILED']);
    expect(codeOf(fromAnswer(403, document))).toEqual(['CA_ACCOUNT']);
  });

  it('exists while a hold of the CA covers the name, which was not asked about itself', () => {
    expect(issuesOf(null, 'rate_limit').map(({ code }) => code)).toEqual(['RATE_LIMIT_OTHER']);
    expect(issuesOf(null, 'ca_down').map(({ code }) => code)).toEqual(['CA_DOWN']);
  });

  it('of a refused upload is a warning while a certificate serves', () => {
    const [issue] = diagnose(CERTIFICATE_FACTS.KEY_MISMATCH).issues;
    expect(issue).toMatchObject({ code: 'KEY_MISMATCH', severity: 'warning' });
    const [blocking] = issuesOf(ownProblem('upload_other_key', 'another key'));
    expect(blocking?.severity).toBe('blocking');
  });
});

describe('the issue codes of the certificate axis', () => {
  const codes = (Object.keys(ISSUE_CATALOGUE) as IssueCode[]).filter(
    (code) => ISSUE_CATALOGUE[code].axis === 'certificate',
  );
  /** They follow from clocks, dates and root keys: see test/integration/api-domains/managing.spec.ts
   * and test/integration/certificates/unreadable-keys.spec.ts. Those of a delegation and of
   * dns-persist-01 follow from the DNS: see src/domains/diagnosis/diagnose-delegation.spec.ts and diagnose-persist.spec.ts. */
  const WITHOUT_PROBLEM = new Set<IssueCode>([
    'CLOCK_SKEW',
    'CERT_EXPIRING_NO_PROGRESS',
    'CERT_KEY_UNREADABLE',
    'DELEGATION_MISSING',
    'DELEGATION_ELSEWHERE',
    'DELEGATION_TAKEN',
    'DELEGATION_DOUBLE_LABEL',
    'DELEGATION_WILDCARD',
    'DELEGATION_UNANSWERABLE',
    'NAMESERVER_UNREACHABLE',
    'READY_TO_SWITCH',
    'PREPARED_NOT_USED',
    'PERSIST_MALFORMED',
    'PERSIST_OTHER_ACCOUNT',
    'PERSIST_EXPIRED',
    'PERSIST_EXPIRING',
    'PERSIST_TOO_WIDE',
  ]);

  it.each(codes.filter((code) => !WITHOUT_PROBLEM.has(code)))(
    'have for %s a problem that our code can store',
    (code) => {
      const facts: Partial<Record<IssueCode, DomainFacts>> = CERTIFICATE_FACTS;
      const problem = facts[code]?.certificate?.problem;
      expect(problem).toBeDefined();
      expect(problem).not.toBeNull();
      const kind = problemKind(problem as StoredProblem);
      const known: readonly string[] = [
        ...OWN_PROBLEM_TYPES,
        ...LOCAL_PROBLEM_TYPES,
        ...ACME_ERROR_NAMES.map((name) => `acme:${name}`),
      ];
      expect(known).toContain(kind);
      expect(codeOf(problem as StoredProblem)).toEqual([code]);
    },
  );
});
