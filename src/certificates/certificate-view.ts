import type { CertificateState } from './certificate-state.js';
import type { CertificateSource, HeldBy, StoredProblem } from './issuance.js';

/** A name's certificate axis: what serves, and what is being done about it. */
export interface CertificateView {
  readonly state: CertificateState;
  readonly source: CertificateSource;
  readonly ca: string | null;
  readonly profile: string | null;
  /** Lower-case hex. Null, as the instants below: none serves. */
  readonly serial: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  readonly promotedAt: Date | null;
  /** When the next one is ordered; of an uploaded one, when its owner is warned. */
  readonly renewAfter: Date | null;
  /** What the CA suggests; null: nothing, so far. */
  readonly ari: {
    readonly start: Date;
    readonly end: Date;
    readonly explanation: string | null;
  } | null;
  readonly attempts: {
    /** Failed ones in a row. */
    readonly count: number;
    /** Null: no attempt is planned. */
    readonly nextAt: Date | null;
    readonly heldBy: HeldBy;
  };
  readonly problem: StoredProblem | null;
  /** There is one that has not expired, by the database's clock. */
  readonly isServable: boolean;
}

/** For a name of which nothing was ever asked. */
export const NO_CERTIFICATE: CertificateView = {
  state: 'none',
  source: 'acme',
  ca: null,
  profile: null,
  serial: null,
  notBefore: null,
  notAfter: null,
  promotedAt: null,
  renewAfter: null,
  ari: null,
  attempts: { count: 0, nextAt: null, heldBy: 'none' },
  problem: null,
  isServable: false,
};
