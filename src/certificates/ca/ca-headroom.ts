import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { CaLedger } from './ca-ledger.js';
import { Issuers } from '../issuers/issuer.js';

/** Publishes how many new orders each CA's limit still allows, so that operators can ask for a higher limit in time. */
@Injectable()
export class CaHeadroom {
  readonly #left: Gauge<'ca'>;

  constructor(
    private readonly issuers: Issuers,
    private readonly ledger: CaLedger,
    registry: Registry,
  ) {
    this.#left = new Gauge({
      name: 'gateway_ca_new_orders_left',
      help: 'First orders that may still be made at a CA in the current three hours.',
      labelNames: ['ca'],
      registers: [registry],
    });
  }

  async measure(): Promise<void> {
    for (const { name: ca, source } of this.issuers.list) {
      if (source === 'local') continue;
      const limits = await this.ledger.headroom(ca, ANY_NAME);
      const orders = limits.find(({ limit }) => limit === 'newOrders');
      if (orders !== undefined) this.#left.set({ ca }, Math.max(orders.count - orders.used, 0));
    }
  }
}

/** newOrders counts per account, so the name does not matter. */
const ANY_NAME = { hostname: '', registrableDomain: '', isRenewal: false, lifetimeSeconds: null };
