import { Injectable } from '@nestjs/common';
import { AcmeProblem } from '../../acme/acme-problem.js';
import { loggerFor } from '../../shared/log-scope.js';
import { Issuers } from '../issuers/issuer.js';
import { PlacedOrders } from '../stores/placed-orders.store.js';

/** Ends at the CAs the authorizations of names whose claims have ended: else we could order for them for weeks more. */
@Injectable()
export class AuthorizationEnder {
  readonly #logger = loggerFor(AuthorizationEnder.name);

  constructor(
    private readonly orders: PlacedOrders,
    private readonly issuers: Issuers,
  ) {}

  /**
   * Ends with the first failure, since a CA that is silent takes half a minute for each order. A later call goes on, and
   * retries what has failed for as long as the order is kept.
   */
  async endDue(signal?: AbortSignal): Promise<void> {
    while (signal?.aborted !== true) {
      const order = await this.orders.takeEnded();
      if (order === null) return;
      const { hostname, ca, authorizations } = order;
      try {
        // A CA that is configured no more has no account of ours in use.
        await this.issuers.find(ca)?.deactivate(authorizations);
        await this.orders.forget(order);
      } catch (err) {
        if (!(err instanceof AcmeProblem)) throw err;
        this.#logger.warn({ hostname, ca, err }, 'authorizations not ended, will retry');
        return;
      }
    }
  }
}
