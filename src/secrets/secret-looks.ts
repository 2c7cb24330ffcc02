import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { DayStatement } from '../database/day-partitions.js';
import { type Statement, Statements } from '../database/statements.js';
import { type Address, KeyMask } from './key-mask.js';
import { opensOn } from './opens-on.js';
import type { UnreadSecret } from './receipt.js';
import { ReceiptStore } from './receipt.store.js';

const FACTS = `s.salt is not null as "hasPassphrase", s.domain,
      s.account_id as "ownerId", s.created_at as "createdAt",
      round(extract(epoch from s.expires_at - s.created_at))::int as "ttlSeconds",
      ceil(extract(epoch from s.expires_at - now()))::int as "secondsLeft",
      s.receipt_lookup as "receiptLookup", s.receipt_expires_on::text as "receiptExpiresOn"`;

const LOOK: DayStatement = {
  name: 'secrets_look',
  dayText: `
    select ${FACTS} from {secrets} s
    where s.lookup = $1 and s.expires_on = $2 and s.expires_at > now() and ${opensOn('$3', 's')}`,
};

const IS_PREVIEWED: DayStatement = {
  name: 'receipts_is_previewed',
  dayText: `
    select previewed_at is not null as "isPreviewed" from {receipts}
    where lookup = $1 and expires_on = $2`,
};

// For each address that has an unread secret its place in the list. LATERAL with LIMIT: the planner can only
// look up one row for each address.
const LOOK_AT_MANY: Statement = {
  name: 'secrets_look_at_many',
  text: `
    select asked.place::int as place, ${FACTS}, r.previewed_at is not null as "isPreviewed"
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

interface ReceiptAddress {
  readonly receiptLookup: Buffer;
  readonly receiptExpiresOn: string;
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
    type Row = Omit<UnreadSecret, 'secretKey' | 'isPreviewed'> & ReceiptAddress;
    const { lookup, expiresOn } = await this.keys.addressOf('secret', key);
    const values = [lookup, expiresOn, caller.tenant.domain];
    const [row] = await this.statements.runOn<Row>(LOOK, { secrets: expiresOn }, values);
    if (row === undefined) return null;
    const { receiptLookup, receiptExpiresOn, ...facts } = row;
    const receipt = { lookup: receiptLookup, expiresOn: receiptExpiresOn };
    const secret = { ...facts, secretKey: key };
    if (!marksPreviewed) return { ...secret, isPreviewed: await this.#isPreviewed(receipt) };
    await this.receipts.markPreviewed(receipt);
    return { ...secret, isPreviewed: true };
  }

  /** The unread secrets among the keys, in their order, each once. Changes nothing. */
  async lookAtMany({ tenant }: Caller, asked: readonly string[]): Promise<UnreadSecret[]> {
    type Row = Omit<UnreadSecret, 'secretKey'> & ReceiptAddress & { readonly place: number };
    const keys = [...new Set(asked)];
    const addresses = await Promise.all(keys.map((key) => this.keys.addressOf('secret', key)));
    const rows = await this.statements.run<Row>(LOOK_AT_MANY, [
      addresses.map(({ lookup }) => lookup),
      addresses.map(({ expiresOn }) => expiresOn),
      tenant.domain,
    ]);
    return rows.map(
      ({ place, receiptLookup: _lookup, receiptExpiresOn: _expiresOn, ...facts }) => ({
        ...facts,
        secretKey: keys[place - 1] ?? '',
      }),
    );
  }

  async #isPreviewed({ lookup, expiresOn }: Address): Promise<boolean> {
    const [row] = await this.statements.runOn<Pick<UnreadSecret, 'isPreviewed'>>(
      IS_PREVIEWED,
      { receipts: expiresOn },
      [lookup, expiresOn],
    );
    return row?.isPreviewed ?? false;
  }
}
