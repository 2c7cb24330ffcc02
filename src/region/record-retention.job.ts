import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { MINUTE } from '../shared/durations.js';
import { RETENTIONS, type Retention } from './record-retention.js';
import { loggerFor } from '../shared/log-scope.js';

const EVERY = MINUTE;
const BATCH = 500;
/** Of one table in one round: deleting a long backlog leaves connections to requests. */
const BATCHES_MAX = 20;

/** Deletes the rows whose time is over, in batches. A batch skips the rows of another one. */
@Injectable()
export class RecordRetentionJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(RecordRetentionJob.name);
  readonly #loop = new DueLoop({
    name: RecordRetentionJob.name,
    round: () => this.round(),
    everyMs: EVERY,
  });

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** A table that fails does not keep the others waiting. */
  async round(): Promise<void> {
    for (const retention of RETENTIONS) {
      try {
        await this.#deleteOld(retention);
      } catch (err) {
        const { table } = retention;
        this.#logger.warn({ table, err }, 'old rows not deleted, will retry');
      }
    }
  }

  async #deleteOld({ table, old, isAppendOnly = false }: Retention): Promise<void> {
    // The lock looks at the row again: it may have changed since the selection.
    const lock = isAppendOnly ? '' : 'for update skip locked';
    const deletion = `delete from ${table} where ctid = any(array(${old} limit ${BATCH} ${lock}))`;
    for (let batch = 0; batch < BATCHES_MAX && !this.#loop.isStopped; batch += 1) {
      const [, deleted] = await this.dataSource.query<[unknown[], number]>(deletion);
      if (deleted < BATCH) return;
    }
  }
}
