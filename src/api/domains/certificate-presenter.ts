import type { CertificateView } from '../../certificates/certificate-view.js';
import { toSnakeCase } from './snake-case.js';

/** The certificate axis. */
export function presentCertificate(view: CertificateView): Readonly<Record<string, unknown>> {
  const { state, source, ca, profile, serial, ari, attempts, problem } = view;
  return {
    state,
    source,
    ca,
    profile,
    serial,
    not_before: iso(view.notBefore),
    not_after: iso(view.notAfter),
    renew_after: iso(view.renewAfter),
    ari: ari && {
      start: ari.start.toISOString(),
      end: ari.end.toISOString(),
      explanation: ari.explanation,
    },
    attempts: {
      count: attempts.count,
      next_at: iso(attempts.nextAt),
      held_by: attempts.heldBy,
    },
    problem: toSnakeCase(problem),
  };
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
