import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Issuers } from '../certificates/issuers/issuer.js';
import type { CaIdentity } from '../dns/caa-record.js';
import { HOUR, MINUTE } from '../shared/durations.js';

/** What the CAs are called in CAA records, as far as it is known; asked for in the background. */
export class KnownCaIdentities {
  list: readonly CaIdentity[] = [];
}

const REFRESH_EVERY = HOUR;
const RETRY_AFTER = MINUTE;

/** Asks the CAs who they are and which account we have there. A CA that is away holds up nothing. */
@Injectable()
export class CaIdentityWatch implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(CaIdentityWatch.name);
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly issuers: Issuers,
    private readonly known: KnownCaIdentities,
  ) {}

  onModuleInit(): void {
    if (this.issuers.list.some(({ source }) => source === 'acme')) void this.#refresh();
  }

  onModuleDestroy(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #refresh(): Promise<void> {
    let next = REFRESH_EVERY;
    try {
      const identities = await Promise.all(this.issuers.list.map((issuer) => issuer.identities()));
      this.known.list = identities.flat();
    } catch (error) {
      this.#logger.warn(`a CA does not say who it is: ${String(error)}`);
      next = RETRY_AFTER;
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#refresh(), next).unref();
  }
}
