import type { DomainId } from '../domains/domain.js';
import type { ChallengeType } from '../acme/authorize-order.js';
import type { Hostname } from '../shared/hostname.js';
import type { CertificateState } from './certificate-state.js';

export type CertificateSource = 'acme' | 'local' | 'uploaded';

/** Why an issuance waits, in the API's words. */
export type HeldBy = 'none' | 'rate_limit' | 'backoff' | 'ca_down';

/** Why the last attempt failed, as stored and shown. Contains no secret. */
export interface StoredProblem {
  /** See problemKind(). */
  readonly type: string;
  readonly status: number;
  readonly detail: string;
  readonly subproblems: { type: string; detail: string }[];
  /** The CA that reported it; null: this region did. */
  readonly ca: string | null;
  /** The CA's page on which a person lifts the pause of the name. */
  readonly unpauseUrl: string | null;
  /** The CA refuses our account: the same type can also be about the name. */
  readonly isAboutAccount?: boolean;
}

/** The row of a leased issuance: no other process works on it while the lease is renewed. Instants are by the database's clock. */
export interface LeasedIssuance {
  readonly hostname: Hostname;
  /** Grows with each lease; a write under an older one changes nothing. */
  readonly fence: string;
  readonly domainId: DomainId | null;
  readonly registrableDomain: string;
  readonly state: CertificateState;
  readonly source: CertificateSource;
  /** The issuer of the order in progress. */
  readonly ca: string | null;
  readonly orderUrl: string | null;
  readonly sealedKey: Buffer | null;
  readonly keyVersion: number | null;
  readonly orderFailures: number;
  readonly attempts: number;
  readonly heldBy: HeldBy;
  readonly problem: StoredProblem | null;
  /** Of the last challenge that was answered, whatever came of it; null: none was. */
  readonly challengeType: ChallengeType | null;
  readonly renewAt: Date | null;
  readonly ariStart: Date | null;
  readonly ariEnd: Date | null;
  readonly ariExplanation: string | null;
  /** The end of the current certificate; null: there is none. */
  readonly notAfter: Date | null;
  readonly lifetimeSeconds: number | null;
  readonly isRenewalDue: boolean;
  readonly isAriDue: boolean;
  readonly isExpired: boolean;
}

/** Identifies a lease: the name, and the fence under which it was taken. */
export type LeaseKey = Pick<LeasedIssuance, 'hostname' | 'fence'>;

/** Another process has taken the row, so this process must not write it. */
export class LeaseLostError extends Error {
  constructor(hostname: Hostname) {
    super(`the lease on ${hostname} is another's`);
    this.name = 'LeaseLostError';
  }
}
