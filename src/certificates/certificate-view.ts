import type { CertificateState } from './certificate-state.js';
import type { CertificateSource, HeldBy, StoredProblem } from './issuance.js';

/** A name's certificate axis: the current certificate and the issuance. */
export interface CertificateView {
  readonly state: CertificateState;
  readonly source: CertificateSource;
  readonly ca: string | null;
  readonly profile: string | null;
  /** Lower-case hex. Null, like the instants below, without a current certificate. */
  readonly serial: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  readonly promotedAt: Date | null;
  /** When the renewal is due; for an uploaded certificate, when its owner is warned. */
  readonly renewAfter: Date | null;
  /** The CA's suggested renewal window; null: none so far. */
  readonly ari: {
    readonly start: Date;
    readonly end: Date;
    readonly explanation: string | null;
  } | null;
  readonly attempts: {
    /** Failed in a row. */
    readonly count: number;
    /** Null: no attempt is planned. */
    readonly nextAt: Date | null;
    readonly heldBy: HeldBy;
  };
  readonly problem: StoredProblem | null;
  /** The current certificate has not expired, by the database's clock, and its key can be opened. */
  readonly isServable: boolean;
  /** False: the current certificate's key does not open, since its root key is missing or it is damaged. */
  readonly isKeyReadable: boolean;
}

/** The view of a name without an issuance. */
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
  isKeyReadable: true,
};
