import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DueLoop } from '../../database/due-loop.js';
import { CheckLeases, type LeasedClaim } from './check-leases.js';
import { ClaimChecker } from './claim-checker.js';

// A look mostly waits for name servers.
const BATCH = 16;

/** Looks again at the claims whose time has come, in every process; each claim is looked at by one of them. */
@Injectable()
export class DomainCheckJob implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(DomainCheckJob.name);
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

  /** One batch; whether there may be more that is due. */
  async round(): Promise<boolean> {
    const claims = await this.leases.takeDue(this.#owner, BATCH);
    await Promise.all(claims.map((claim) => this.#check(claim)));
    return claims.length === BATCH;
  }

  /** One that fails keeps its lease for the rest of its minute, and is due again then. */
  async #check(claim: LeasedClaim): Promise<void> {
    try {
      await this.checker.check(claim);
    } catch (error) {
      this.#logger.warn({ hostname: claim.hostname, error: String(error) }, 'check failed');
    }
  }
}
