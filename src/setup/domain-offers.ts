import { Injectable } from '@nestjs/common';
import { TransferOffers } from '../domains/claims/transfer-offers.js';
import { SetupOffers } from '../domains/connect/setup-offers.js';

/** What a domain's owner is offered, or has offered: records made by the DNS provider, the domain for another account. */
@Injectable()
export class DomainOffers {
  constructor(
    readonly connect: SetupOffers,
    readonly transfers: TransferOffers,
  ) {}
}
