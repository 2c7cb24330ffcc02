import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DueLoop } from '../../database/due-loop.js';
import { CheckLeases, type LeasedClaim } from './check-leases.js';
import { ClaimChecker } from './claim-checker.js';
import { loggerFor } from '../../shared/log-scope.js';

// Large, because a check mostly waits for name servers.
const BATCH = 16;

/** Checks the claims that are due. It runs in every process; one of them leases each claim. */
@Injectable()
export class DomainCheckJob implements OnModuleInit, OnModuleDestroy {
  readonly #logger = loggerFor(DomainCheckJob.name);
  readonly #owner = randomUUID();
  readonly #loop = new DueLoop({ name: DomainCheckJob.name, round: () => this.round() });

  constructor(
    private readonly leases: CheckLeases,
    private readonly checker: ClaimChecker,
  ) {}

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Checks one batch. Returns whether more claims may be due. */
  async round(): Promise<boolean> {
    const claims = await this.leases.takeDue(this.#owner, BATCH);
    await Promise.all(claims.map((claim) => this.#check(claim)));
    return claims.length === BATCH;
  }

  /** A claim whose check fails is due again when its lease ends. */
  async #check(claim: LeasedClaim): Promise<void> {
    try {
      await this.checker.check(claim);
    } catch (err) {
      this.#logger.warn({ hostname: claim.hostname, err }, 'domain check failed');
    }
  }
}
