import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { type Statement, Statements } from '../database/statements.js';
import { type Address, KeyMask } from './key-mask.js';
import { opensOn } from './opens-on.js';
import type { UnreadSecret } from './receipt.js';
import { ReceiptStore } from './receipt.store.js';

// For each address that has an unread secret its place in the list. LATERAL with LIMIT: the planner can only
// look up one row for each address.
const LOOK: Statement = {
  name: 'secrets_look',
  text: `
    select asked.place::int as place, s.salt is not null as "hasPassphrase", s.domain,
      s.account_id as "ownerId", s.created_at as "createdAt",
      round(extract(epoch from s.expires_at - s.created_at))::int as "ttlSeconds",
      ceil(extract(epoch from s.expires_at - now()))::int as "secondsLeft",
      s.receipt_lookup as "receiptLookup", s.receipt_expires_on::text as "receiptExpiresOn",
      r.previewed_at is not null as "isPreviewed"
    from unnest($1::bytea[], $2::date[]) with ordinality as asked (lookup, expires_on, place)
    cross join lateral (
      select secrets.* from secrets
      where secrets.lookup = asked.lookup and secrets.expires_on = asked.expires_on
        and secrets.expires_at > now() and ${opensOn('$3', 'secrets')} limit 1
    ) as s
    left join lateral (
      select receipts.previewed_at from receipts
      where receipts.lookup = s.receipt_lookup and receipts.expires_on = s.receipt_expires_on limit 1
    ) as r on true
    order by asked.place`,
};

interface LookedAt {
  readonly secret: UnreadSecret;
  readonly receipt: Address;
}

/** Looks at unread secrets by their keys and opens none. */
@Injectable()
export class SecretLooks {
  constructor(
    private readonly keys: KeyMask,
    private readonly statements: Statements,
    private readonly receipts: ReceiptStore,
  ) {}

  /**
   * The unread secret, or null when it is gone. `marksPreviewed` counts the look in the receipt, and the result says that
   * it was previewed; nothing else changes.
   */
  async look(
    caller: Caller,
    key: string,
    { marksPreviewed }: { readonly marksPreviewed: boolean },
  ): Promise<UnreadSecret | null> {
    const [found] = await this.#find(caller, [key]);
    if (found === undefined) return null;
    if (!marksPreviewed) return found.secret;
    await this.receipts.markPreviewed(found.receipt);
    return { ...found.secret, isPreviewed: true };
  }

  /** The unread secrets among the keys, in their order, each once. Changes nothing. */
  async lookAtMany(caller: Caller, keys: readonly string[]): Promise<UnreadSecret[]> {
    const found = await this.#find(caller, [...new Set(keys)]);
    return found.map(({ secret }) => secret);
  }

  async #find({ tenant }: Caller, keys: readonly string[]): Promise<LookedAt[]> {
    type Row = Omit<UnreadSecret, 'secretKey'> & {
      place: number;
      receiptLookup: Buffer;
      receiptExpiresOn: string;
    };
    const addresses = await Promise.all(keys.map((key) => this.keys.addressOf('secret', key)));
    const rows = await this.statements.run<Row>(LOOK, [
      addresses.map(({ lookup }) => lookup),
      addresses.map(({ expiresOn }) => expiresOn),
      tenant.domain,
    ]);
    return rows.map(({ place, receiptLookup, receiptExpiresOn, ...facts }) => ({
      secret: { ...facts, secretKey: keys[place - 1] ?? '' },
      receipt: { lookup: receiptLookup, expiresOn: receiptExpiresOn },
    }));
  }
}
