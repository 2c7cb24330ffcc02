import type { Hostname } from '../shared/hostname.js';
import type { CertificateState } from './certificate-state.js';

export type CertificateSource = 'acme' | 'local' | 'uploaded';

/** Why an issuance waits, in the API's words. */
export type HeldBy = 'none' | 'rate_limit' | 'backoff' | 'ca_down';

/** Why the last attempt failed, as stored and shown. Contains no secret. */
export interface StoredProblem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly subproblems: { type: string; detail: string }[];
  /** The CA that said it; null: we did. */
  readonly ca: string | null;
  /** Where a person lifts the pause that the CA put on a name. */
  readonly unpauseUrl: string | null;
}

/** A name's issuance, taken: nobody else works on it while the lease is renewed. Every instant is the database's. */
export interface LeasedIssuance {
  readonly hostname: Hostname;
  /** Grows each time the row is taken; what is written under an older one is not written. */
  readonly fence: string;
  readonly domainId: string | null;
  readonly registrableDomain: string;
  readonly state: CertificateState;
  readonly source: CertificateSource;
  /** Of the order under way. */
  readonly ca: string | null;
  readonly orderUrl: string | null;
  readonly sealedKey: Buffer | null;
  readonly keyVersion: number | null;
  readonly orderFailures: number;
  readonly attempts: number;
  readonly heldBy: HeldBy;
  readonly problem: StoredProblem | null;
  readonly renewAt: Date | null;
  readonly ariStart: Date | null;
  readonly ariEnd: Date | null;
  readonly ariExplanation: string | null;
  /** Of the certificate that serves; null: none does. */
  readonly notAfter: Date | null;
  readonly lifetimeSeconds: number | null;
  readonly isRenewalDue: boolean;
  readonly isAriDue: boolean;
  readonly isExpired: boolean;
}

/** Identifies a lease: the name, and the fence under which it was taken. */
export type LeaseKey = Pick<LeasedIssuance, 'hostname' | 'fence'>;

/** Another process has taken the row: whatever this one was about to write is not its business any more. */
export class LeaseLostError extends Error {
  constructor(hostname: Hostname) {
    super(`the lease on ${hostname} is another's`);
    this.name = 'LeaseLostError';
  }
}
