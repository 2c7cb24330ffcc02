import { acmeErrorName, type AcmeErrorName } from './acme-error-names.js';
import { ACME_ERROR, type AcmeProblem } from './acme-problem.js';

/** The scheduler handles each class in one way. */
export type ProblemClass =
  | 'rate_limited'
  | 'ca_down'
  | 'validation'
  | 'caa'
  | 'rejected_identifier'
  | 'bad_replaces'
  | 'account'
  | 'paused'
  | 'other';

const BY_TYPE: Readonly<Partial<Record<AcmeErrorName, ProblemClass>>> = {
  rateLimited: 'rate_limited',
  serverInternal: 'ca_down',
  caa: 'caa',
  rejectedIdentifier: 'rejected_identifier',
  unsupportedIdentifier: 'rejected_identifier',
  alreadyReplaced: 'bad_replaces',
  accountDoesNotExist: 'account',
  externalAccountRequired: 'account',
  userActionRequired: 'account',
  badPublicKey: 'account',
  badSignatureAlgorithm: 'account',
  invalidContact: 'account',
  unsupportedContact: 'account',
  connection: 'validation',
  dns: 'validation',
  tls: 'validation',
  incorrectResponse: 'validation',
};

/** Types with many reasons: only the text says that `replaces` was the reason. */
const ABOUT_REPLACES = /replac|ARI CertID|renewalInfo/i;

export function classify(problem: AcmeProblem): ProblemClass {
  if (problem.unpauseUrl !== null) return 'paused';
  const byType = classifyType(problem.type, problem);
  if (byType !== 'other') return byType;
  if (problem.status === 429) return 'rate_limited';
  if (problem.status >= 500) return 'ca_down';
  return classifySubproblems(problem);
}

function classifyType(type: string, problem: AcmeProblem): ProblemClass {
  if (!type.startsWith(ACME_ERROR)) {
    return type === 'connection' || type === 'unreadable_answer' ? 'ca_down' : 'other';
  }
  const name = acmeErrorName(type);
  if (name === null) return 'other';
  if (name === 'unauthorized' || name === 'malformed') return classifyByPlace(name, problem);
  return BY_TYPE[name] ?? 'other';
}

/** `unauthorized` is a validation failure in a challenge and an account failure in an answer. */
function classifyByPlace(name: 'unauthorized' | 'malformed', problem: AcmeProblem): ProblemClass {
  if (problem.source === 'object') return name === 'unauthorized' ? 'validation' : 'other';
  if (ABOUT_REPLACES.test(problem.detail)) return 'bad_replaces';
  return name === 'unauthorized' ? 'account' : 'other';
}

function classifySubproblems(problem: AcmeProblem): ProblemClass {
  for (const { type } of problem.subproblems) {
    const found = classifyType(type, problem);
    if (found !== 'other') return found;
  }
  return 'other';
}
