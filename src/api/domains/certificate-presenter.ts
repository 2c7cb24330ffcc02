import type { CertificateView } from '../../certificates/certificate-view.js';
import type { StoredProblem } from '../../certificates/issuance.js';
import { isoOrNull } from '../instants.js';
import type { CertificateRecord } from './domain-answers.js';
import { toSnakeCase } from './snake-case.js';

/** The certificate axis of a domain. */
export function presentCertificate(view: CertificateView): CertificateRecord {
  const { state, source, ca, profile, serial, ari, attempts, problem } = view;
  return {
    state,
    source,
    ca,
    profile,
    serial,
    not_before: isoOrNull(view.notBefore),
    not_after: isoOrNull(view.notAfter),
    renew_after: isoOrNull(view.renewAfter),
    ari: ari && {
      start: ari.start.toISOString(),
      end: ari.end.toISOString(),
      explanation: ari.explanation,
    },
    attempts: {
      count: attempts.count,
      next_at: isoOrNull(attempts.nextAt),
      held_by: attempts.heldBy,
    },
    problem: problem && toSnakeCase(shownOf(problem)),
  };
}

function shownOf({
  type,
  status,
  detail,
  subproblems,
  ca,
  unpauseUrl,
}: StoredProblem): Omit<StoredProblem, 'isAboutAccount'> {
  return { type, status, detail, subproblems, ca, unpauseUrl };
}
