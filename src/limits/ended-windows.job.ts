import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { Statements } from '../database/statements.js';
import { MINUTE } from '../shared/durations.js';
import { PURGE } from './counter-statements.js';

/** Deletes the counters whose window has ended. */
@Injectable()
export class EndedWindowsJob extends BackgroundJob implements OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: EndedWindowsJob.name,
    round: () => this.round(),
    everyMs: MINUTE,
  });

  constructor(private readonly statements: Statements) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** One batch. True when there may be more. */
  async round(): Promise<boolean | void> {
    const [row] = await this.statements.run<{ count: number }>(PURGE, []);
    if (row !== undefined && row.count > 0) return true;
  }
}
