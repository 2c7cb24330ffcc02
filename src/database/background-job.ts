import { Inject, Optional, type OnModuleInit } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';

/**
 * Work that no request waits for. It begins with the cell in every process of the region, but not in one that only
 * serves (GATEWAY_ROLE=serve): there it never runs, whoever wakes it. Jobs that serving needs, such as reading what changed, are not of this class.
 */
export abstract class BackgroundJob<
  Begun extends void | Promise<void> = void,
> implements OnModuleInit {
  /** Absent where a test makes the job itself. */
  @Optional()
  @Inject(CellConfig)
  private readonly cell?: CellConfig;

  onModuleInit(): Begun | void {
    if (this.cell?.role !== 'serve') return this.begin();
  }

  protected abstract begin(): Begun;
}
