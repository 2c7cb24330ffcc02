import { MINUTE, SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import type { AcmeCa } from '../acme/acme-ca.js';
import type { CertificateIssuer } from './certificate-issuer.js';

/** A host of the region itself, which needs no proof. */
export interface OwnHost {
  readonly hostname: Hostname;
  /** What CAs count its certificates under. */
  readonly registrableDomain: string;
}

/** What a cell's certificates room is told. Provided once per cell, injected by class. */
export class CertificateSettings {
  /** In the order in which they are tried. None: the local authority issues. */
  readonly cas!: readonly AcmeCa[];
  /** Issues where there is no CA; null when there is one. */
  readonly localAuthority!: CertificateIssuer | null;
  /** The region's own hosts that get their certificates as customers' domains do; none with the local authority. */
  readonly ownHosts!: readonly OwnHost[];
  readonly timing!: IssuanceTiming;
}

/** In milliseconds. */
export interface IssuanceTiming {
  /** After so long without a sign of life, another process takes an issuance over. */
  readonly lease: number;
  /** How often all domains are checked for names that need a certificate. Announced changes are checked at once. */
  readonly fullScan: number;
  /** How long one step may poll the CA while it holds its lease. */
  readonly polling: number;
  /** Issuances at a time in one process. */
  readonly parallel: number;
}

export const ISSUANCE_TIMING: IssuanceTiming = {
  lease: MINUTE,
  fullScan: MINUTE,
  polling: 20 * SECOND,
  parallel: 4,
};
