import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { MINUTE } from '../shared/durations.js';
import { DueLoop } from './due-loop.js';
import { Statements } from './statements.js';

/**
 * Reads the list of the days' partitions at the start and every minute, in every process: after a quiet time the first
 * requests would otherwise run on the whole tables, whose plans are made for all days.
 */
@Injectable()
export class PartitionRefresh implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: PartitionRefresh.name,
    everyMs: MINUTE,
    round: () => this.statements.refreshPartitions(),
  });

  constructor(private readonly statements: Statements) {}

  async onModuleInit(): Promise<void> {
    await this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }
}
