import { Injectable } from '@nestjs/common';
import { SetupOffers } from '../domains/connect/setup-offers.js';
import { DomainTransfers } from '../domains/moves/domain-transfers.js';

/** What a domain's owner is offered, or has offered: records made by the DNS provider, the domain for another account. */
@Injectable()
export class DomainOffers {
  constructor(
    readonly connect: SetupOffers,
    readonly transfers: DomainTransfers,
  ) {}
}
