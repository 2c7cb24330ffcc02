import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { CaLedger } from './ca-ledger.js';
import { Issuers } from '../issuers/issuer.js';

/** Shows how far each CA's limit on orders is away, for whoever has to ask for a higher one in time. */
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
      const rooms = await this.ledger.headroom(ca, NOBODY);
      const orders = rooms.find(({ limit }) => limit === 'newOrders');
      if (orders !== undefined) this.#left.set({ ca }, Math.max(orders.count - orders.used, 0));
    }
  }
}

/** The limit asked for counts by account. */
const NOBODY = { hostname: '', registrableDomain: '', isRenewal: false, lifetimeSeconds: null };
