import type { Account } from '../../accounts/account.js';
import type { RecentReceipt } from '../../secrets/recent-receipts.js';
import { DAY } from '../../shared/durations.js';
import { JsonRecords } from '../body/json-text.js';
import { exactSeconds, unixSeconds } from '../instants.js';
import type { V2Recent } from './v2-answers.js';
import { presentReceipt } from './v2-receipt-presenter.js';

const RECENT = 30 * DAY;

/** The records of `recent` as text, each in two lists. Nothing in them opens a secret. */
export class V2RecentRecords {
  #count = 0;
  readonly #all = new JsonRecords();
  readonly #revealed = new JsonRecords();
  readonly #pending = new JsonRecords();

  add(receipt: RecentReceipt): void {
    const record = presentReceipt(receipt);
    const text = JSON.stringify(record);
    this.#count += 1;
    this.#all.add(text);
    (record.is_destroyed ? this.#revealed : this.#pending).add(text);
  }

  /** The parts of the text of a V2Recent. */
  answerTo({ email }: Pick<Account, 'email'>, now: Date): (string | readonly Buffer[])[] {
    const head: Omit<V2Recent, 'records' | 'details'> = {
      success: true,
      custid: email,
      count: this.#count,
    };
    const details: Omit<V2Recent['details'], 'revealed_receipts' | 'pending_receipts'> = {
      type: 'list',
      scope: null,
      scope_label: null,
      since: unixSeconds(new Date(now.getTime() - RECENT)),
      now: exactSeconds(now),
      has_items: this.#count > 0,
    };
    return [
      `${openObject(head)},"records":[`,
      this.#all.parts,
      `],"details":${openObject(details)},"revealed_receipts":[`,
      this.#revealed.parts,
      '],"pending_receipts":[',
      this.#pending.parts,
      ']}}',
    ];
  }
}

/** Its text without the end. */
function openObject(fields: object): string {
  return JSON.stringify(fields).slice(0, -1);
}
