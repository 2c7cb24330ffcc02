import { MINUTE, SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import type { AcmeCa } from '../acme/acme-ca.js';
import type { CaLimits } from '../config/acme-limits.js';
import type { CertificateIssuer } from './certificate-issuer.js';

/** A host of the region itself. It needs no claim. */
export interface OwnHost {
  readonly hostname: Hostname;
  /** CAs count certificates per registrable domain. */
  readonly registrableDomain: string;
}

/** A CA, and what we ask of it at most. */
export type LimitedCa = AcmeCa & { readonly limits: CaLimits };

/** The certificates room's configuration. Provided once per cell, injected by class. */
export class CertificateSettings {
  /** In order of preference. Empty: the local authority issues. */
  readonly cas!: readonly LimitedCa[];
  /** Issues if no CA is configured; null if one is. */
  readonly localAuthority!: CertificateIssuer | null;
  /** The region's own hosts, issued for like customers' domains; empty with the local authority. */
  readonly ownHosts!: readonly OwnHost[];
  readonly timing!: IssuanceTiming;
  /** dns-persist-01 is used where a CA offers it and the customer's record permits it. */
  readonly usesPersist?: boolean;
}

/** In milliseconds. */
export interface IssuanceTiming {
  /** Another process takes an issuance whose lease has not been renewed for this long. */
  readonly lease: number;
  /** The pause between two passes over all names. Announced changes are reviewed at once. */
  readonly fullScan: number;
  /** How long one step may poll a CA that gives no Retry-After. Afterwards the worker goes on with another name. */
  readonly polling: number;
  /** Concurrent issuances in one process. */
  readonly parallel: number;
}

export const ISSUANCE_TIMING: IssuanceTiming = {
  lease: MINUTE,
  fullScan: MINUTE,
  polling: 2 * SECOND,
  parallel: 8,
};
