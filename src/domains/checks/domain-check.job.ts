import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../../database/background-job.js';
import { DueLoop } from '../../database/due-loop.js';
import { CheckLeases, type CheckQueue, type LeasedClaim } from './check-leases.js';
import { ClaimChecker } from './claim-checker.js';
import { loggerFor } from '../../shared/log-scope.js';
import { ClaimKnocks } from './claim-knocks.js';

// Many, because a check mostly waits for name servers.
const PARALLEL = 48;
/** Of these for claims that are being set up: they do not wait behind the regular checks of a large region. */
const KEPT_FOR_SETUP = 16;

/** Checks the claims that are due. One process leases each claim. */
@Injectable()
export class DomainCheckJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(DomainCheckJob.name);
  readonly #owner = randomUUID();
  readonly #running = new Set<Promise<void>>();
  readonly #loop = new DueLoop({ name: DomainCheckJob.name, round: () => this.#takeDue() });

  constructor(
    private readonly leases: CheckLeases,
    private readonly checker: ClaimChecker,
    knocks: ClaimKnocks,
  ) {
    super();
    knocks.onDue(() => this.#loop.wake());
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    await Promise.all(this.#running);
  }

  /** Takes one batch and checks it to its end. Returns whether more claims may be due. */
  async round(): Promise<boolean> {
    const hasMore = await this.#takeDue();
    await Promise.all(this.#running);
    return hasMore;
  }

  /** Starts as many checks as there is room for, and does not wait for them. */
  async #takeDue(): Promise<boolean> {
    const isSetupFull = await this.#take('setup', PARALLEL);
    const isRegularFull = await this.#take('regular', PARALLEL - KEPT_FOR_SETUP);
    return isSetupFull && isRegularFull && this.#running.size < PARALLEL;
  }

  /** Returns whether there was room and work for all of it. */
  async #take(queue: CheckQueue, parallel: number): Promise<boolean> {
    const room = parallel - this.#running.size;
    if (room <= 0) return false;
    const claims = await this.leases.takeDue(this.#owner, room, queue);
    for (const claim of claims) {
      const running = this.#check(claim).finally(() => {
        this.#running.delete(running);
        // The room of a full batch is used at once.
        if (claims.length === room) this.#loop.wake();
      });
      this.#running.add(running);
    }
    return claims.length === room;
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
