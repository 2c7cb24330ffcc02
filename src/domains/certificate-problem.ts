import { acmeErrorName, type AcmeErrorName } from '../acme/acme-error-names.js';
import { LOCAL_PROBLEM_TYPES, type LocalProblemType } from '../acme/acme-problem.js';

/** Problems that this region finds itself, before a CA is asked or when a certificate is uploaded. */
export const OWN_PROBLEM_TYPES = [
  'routing',
  'not_entitled',
  'caa_forbidden',
  'caa_unanswerable',
  'limit_new_orders',
  'limit_certificates_per_domain',
  'limit_certificates_per_name',
  'limit_failed_authorizations',
  'upload_mismatch',
  'upload_other_key',
  'upload_incomplete_chain',
] as const;
export type OwnProblemType = (typeof OWN_PROBLEM_TYPES)[number];

/** Every kind of problem that can be stored with a name's certificate. */
export type ProblemKind =
  | OwnProblemType
  | LocalProblemType
  | `acme:${AcmeErrorName}`
  /** By the HTTP status of an answer whose type says nothing. */
  | 'server_error'
  | 'too_many_requests'
  | 'unknown';

const OURS: ReadonlySet<string> = new Set([...OWN_PROBLEM_TYPES, ...LOCAL_PROBLEM_TYPES]);

/** @param problem its type as stored, and the HTTP status; 0: none */
export function problemKind({
  type,
  status,
}: {
  readonly type: string;
  readonly status: number;
}): ProblemKind {
  if (OURS.has(type)) return type as OwnProblemType | LocalProblemType;
  const name = acmeErrorName(type);
  if (name !== null) return `acme:${name}`;
  if (status === 429) return 'too_many_requests';
  return status >= 500 ? 'server_error' : 'unknown';
}
