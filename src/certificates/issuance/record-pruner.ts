import { Injectable } from '@nestjs/common';
import { CaHolds } from '../ca/ca-holds.js';
import { CaLedger } from '../ca/ca-ledger.js';
import { ChallengeStore } from '../stores/challenge.store.js';

/** Deletes ledger entries older than every limit's period, expired challenges and past failures of CAs. */
@Injectable()
export class RecordPruner {
  constructor(
    private readonly ledger: CaLedger,
    private readonly challenges: ChallengeStore,
    private readonly holds: CaHolds,
  ) {}

  async prune(): Promise<void> {
    await this.ledger.prune();
    await this.challenges.prune();
    await this.holds.prune();
  }
}
