import { Injectable } from '@nestjs/common';
import { DomainLifecycle } from './domain-lifecycle.js';
import { DomainTransfer } from './domain-transfer.js';
import { NameBlocks } from './name-blocks.js';

/** What the operator may do to claims. */
@Injectable()
export class ClaimInterventions {
  constructor(
    readonly lifecycle: DomainLifecycle,
    readonly blocks: NameBlocks,
    readonly transfers: DomainTransfer,
  ) {}
}
