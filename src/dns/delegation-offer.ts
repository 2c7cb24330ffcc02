import type { Hostname } from '../shared/hostname.js';

/**
 * Whether customers may delegate `_acme-challenge.<name>` to the region's name server. Provided once per cell, injected by
 * class: NameserverReach where a name server is configured, else NoDelegation.
 */
export abstract class DelegationOffer {
  /** `acme.eu.onetime.example`: the parent of the names that such records lead to. */
  abstract readonly zone: string;

  /** True while the public DNS is known to lead to the region's name server: a record that does not work is never advised. */
  abstract isOffered(): boolean;
}

/** For a region without a name server. */
export class NoDelegation extends DelegationOffer {
  constructor(readonly zone: string) {
    super();
  }

  isOffered(): boolean {
    return false;
  }
}

/** The zone that a region's name server answers for. */
export function acmeZone(region: string, baseDomain: Hostname): string {
  return `acme.${region}.${baseDomain}`;
}
