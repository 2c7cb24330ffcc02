import type { AcmeProblem } from '../acme/acme-problem.js';
import { classify } from '../acme/classify-problem.js';
import type { OwnProblemType } from '../domains/certificate-problem.js';
import type { StoredProblem } from './issuance.js';

/** A problem that this region found itself. @param ca the CA that it is about; null: none */
export function ownProblem(
  type: OwnProblemType,
  detail: string,
  ca: string | null = null,
): StoredProblem {
  return { type, status: 0, detail, subproblems: [], ca, unpauseUrl: null };
}

/** A problem with a CA. @param ca our name for it */
export function caProblem(problem: AcmeProblem, ca: string): StoredProblem {
  const { type, status, detail, subproblems, unpauseUrl } = problem;
  return {
    type,
    status,
    detail,
    subproblems: subproblems.map((each) => ({ type: each.type, detail: each.detail })),
    ca,
    unpauseUrl,
    ...(classify(problem) === 'account' && { isAboutAccount: true }),
  };
}
