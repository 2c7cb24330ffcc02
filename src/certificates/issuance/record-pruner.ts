import { Injectable } from '@nestjs/common';
import { CaLedger } from '../ca/ca-ledger.js';
import { ChallengeStore } from '../stores/challenge.store.js';

/** Deletes ledger entries older than every limit's period, and expired challenges. */
@Injectable()
export class RecordPruner {
  constructor(
    private readonly ledger: CaLedger,
    private readonly challenges: ChallengeStore,
  ) {}

  async prune(): Promise<void> {
    await this.ledger.prune();
    await this.challenges.prune();
  }
}
