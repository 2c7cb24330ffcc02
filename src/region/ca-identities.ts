import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Issuers } from '../certificates/issuers/issuer.js';
import type { CaIdentity } from '../dns/caa-record.js';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { HOUR, MINUTE } from '../shared/durations.js';

/** The CAs' identities in CAA records (RFC 8659, RFC 8657); empty until CaIdentityWatch has asked for them. */
export class KnownCaIdentities {
  list: readonly CaIdentity[] = [];
  /** A CA names no identity. */
  hasUnnamedCa = false;
}

const REFRESH_EVERY = HOUR;
const RETRY_AFTER = MINUTE;

/**
 * Asks each CA in the background for its CAA identities and for the account that this region has there. A CA that
 * does not answer delays neither the start nor the stop.
 */
@Injectable()
export class CaIdentityWatch extends BackgroundJob implements OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: CaIdentityWatch.name,
    round: () => this.#refresh(),
    everyMs: RETRY_AFTER,
  });

  constructor(
    private readonly issuers: Issuers,
    private readonly known: KnownCaIdentities,
  ) {
    super();
  }

  protected override begin(): void {
    if (this.issuers.list.some(({ source }) => source === 'acme')) void this.#loop.startNow();
  }

  onModuleDestroy(): void {
    void this.#loop.stop();
  }

  /** Resolves to the pause before the next refresh, in milliseconds. */
  async #refresh(): Promise<number> {
    const identities = await Promise.all(this.issuers.list.map((issuer) => issuer.identities()));
    this.known.list = identities.flat();
    this.known.hasUnnamedCa = identities.some((each) => each.length === 0);
    return REFRESH_EVERY;
  }
}
