import { Injectable } from '@nestjs/common';
import type { Account, AccountId } from '../../accounts/account.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { AppError } from '../../shared/app-error.js';
import { TransferOffers } from '../claims/transfer-offers.js';
import { DomainSettings } from '../domain-settings.js';
import { readTransferCode } from '../transfer-offer.js';
import { DomainMoves } from './domain-moves.js';
import { MoveArrivals } from './move-arrivals.js';

/** Codes that give domains away: within the region, and to another one. */
@Injectable()
export class DomainTransfers {
  constructor(
    readonly offers: TransferOffers,
    readonly moves: DomainMoves,
    private readonly arrivals: MoveArrivals,
    private readonly settings: DomainSettings,
  ) {}

  /** The code says which region made it. Throws as TransferOffers.accept() and MoveArrivals.accept(). */
  accept(account: Account, code: string, actor: Actor): Promise<string> {
    const { region: prefix } = readTransferCode(code);
    const { region: own, fleet } = this.settings;
    const from = fleet.find((region) => region === prefix && region !== own);
    if (from === undefined) return this.offers.accept(account, code, actor);
    return this.arrivals.accept(account, from, code, actor);
  }

  /** The offer of a domain, or the move that came of it. Throws AppError `not_found` when there is neither. */
  async cancel(accountId: AccountId, extid: string, actor: Actor): Promise<void> {
    try {
      await this.offers.cancel(accountId, extid, actor);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      await this.moves.cancel(accountId, extid, actor);
    }
  }
}
