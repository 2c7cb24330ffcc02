import { Injectable } from '@nestjs/common';
import { type Statement, Statements } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';

/** An order whose authorizations the CA may still hold valid. */
export interface PlacedOrder {
  readonly url: string;
  readonly ca: string;
  readonly hostname: Hostname;
  /** Their URLs: a CA may forget the order first. */
  readonly authorizations: readonly string[];
}

const RECORD: Statement = {
  name: 'acme_orders_record',
  text: `
    insert into acme_orders (url, ca, hostname, authorizations) values ($1, $2, $3, $4)
    on conflict (url) do nothing`,
};

// A statement, since the row is taken with `for update skip locked`.
const TAKE_ENDED: Statement = {
  name: 'acme_orders_take_ended',
  text: `
    update acme_orders set deactivate_at = now() + interval '5 minutes'
    where url = (
      select url from acme_orders where deactivate_at <= now()
      order by deactivate_at limit 1 for update skip locked
    )
    returning url, ca, hostname, authorizations`,
};

const FORGET: Statement = {
  name: 'acme_orders_forget',
  text: 'delete from acme_orders where url = $1',
};

/** The orders of the last month. CertificateRemovalStore marks those of a name whose claim ends. */
@Injectable()
export class PlacedOrders {
  constructor(private readonly statements: Statements) {}

  async record({ url, ca, hostname, authorizations }: PlacedOrder): Promise<void> {
    await this.statements.run(RECORD, [url, ca, hostname, authorizations]);
  }

  /** Of a name whose claim has ended. No other process takes it for five minutes. Null: there is none. */
  async takeEnded(): Promise<PlacedOrder | null> {
    const [order] = await this.statements.run<PlacedOrder>(TAKE_ENDED, []);
    return order ?? null;
  }

  async forget({ url }: PlacedOrder): Promise<void> {
    await this.statements.run(FORGET, [url]);
  }
}
