import type { Hostname } from '../shared/hostname.js';
import type { NameserverFinding } from './nameserver-probe.js';

/** The public DNS does not lead to the region's name server. */
export interface NameserverTrouble {
  readonly zone: string;
  readonly nameServers: readonly string[];
  readonly finding: Exclude<NameserverFinding, 'ours'>;
  readonly checkedAt: Date;
  /** Delegations are advised all the same: it was reached within a day, and nobody else answers. */
  readonly isOffered: boolean;
}

/**
 * Whether customers may delegate `_acme-challenge.<name>` to the region's name server. Provided once per cell, injected by
 * class: NameserverReach where a name server is configured, else NoDelegation.
 */
export abstract class DelegationOffer {
  /** `acme.eu.onetime.example`: the parent of the names that such records lead to. */
  abstract readonly zone: string;

  /** True while the public DNS is known to lead to the region's name server: a record that does not work is never advised. */
  abstract isOffered(): boolean;

  /** For the operator; null: the name server is reached, or nobody knows yet, or there is none. */
  abstract trouble(): NameserverTrouble | null;
}

/** For a region without a name server. */
export class NoDelegation extends DelegationOffer {
  constructor(readonly zone: string) {
    super();
  }

  isOffered(): boolean {
    return false;
  }

  trouble(): null {
    return null;
  }
}

/** The zone that a region's name server answers for. */
export function acmeZone(region: string, baseDomain: Hostname): string {
  return `acme.${region}.${baseDomain}`;
}
