import type { CertificateFacts } from '../domains/domain-facts.js';
import type { CertificateView } from './certificate-view.js';

/** What diagnose() needs to know of a name's certificate; null: there is nothing to say. */
export function certificateFacts(
  { state, source, ...view }: CertificateView,
  now: Date,
): CertificateFacts | null {
  if (state === 'none' && view.problem === null) return null;
  return {
    state,
    source,
    heldBy: view.attempts.heldBy,
    problem: view.problem,
    nextAt: isoOrNull(view.attempts.nextAt),
    notAfter: isoOrNull(view.notAfter),
    renewAt: isoOrNull(view.renewAfter),
    isKeyReadable: view.isKeyReadable,
    asOf: now.toISOString(),
  };
}

function isoOrNull(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
