import { Injectable } from '@nestjs/common';
import type { Account } from '../accounts/account.js';
import type { Caller } from '../auth/caller.js';
import { notAuthorized } from '../auth/not-authorized.js';
import type { DayStatement } from '../database/day-partitions.js';
import { Statements, type Statement } from '../database/statements.js';
import { AppError } from '../shared/app-error.js';
import { loggerFor } from '../shared/log-scope.js';
import { findReceipt } from './find-receipt.js';
import type { Address } from './key-mask.js';
import { ACCOUNT, FROM_DAYS, LISTED, RECEIPT_ON_DAYS, SECRET } from './receipt-statements.js';
import type { Receipt } from './receipt.js';
import { ReceiptMemos } from './receipt-memos.js';
import type { ListedReceipt } from './receipt.store.js';
import { ReceiptsService } from './receipts.service.js';
import { SecretCipher } from './secret-cipher.js';
import { listedReceipt } from './unsealed-receipt.js';

/** A receipt as its owner sees it by signing in: without what opens it or its secret. */
export interface OwnReceipt extends Omit<Receipt, 'metadataKey' | 'secretKey' | 'ownerEmail'> {
  /** Names it to its owner, and opens nothing: its address in the tables. */
  readonly id: string;
}

export interface OwnReceiptPage {
  readonly receipts: readonly OwnReceipt[];
  /** Of the page with those that changed before; null: there are none. */
  readonly nextCursor: string | null;
}

interface Paged extends ListedReceipt {
  /** Microseconds since 1970. */
  readonly changedAt: string;
}

const CHANGED_AT = '(extract(epoch from r.updated_at) * 1000000)::bigint::text as "changedAt"';
const END = "(select timestamptz 'epoch' + $2::bigint * interval '1 microsecond')";

// $2 and $3: the end of the page before. The first condition is the index's, the second one tells apart what changed at
// the same instant.
export const OWN_PAGE: Statement = {
  name: 'receipts_own_page',
  text: `
    select ${LISTED}, ${CHANGED_AT} from (
      select * from receipts
      where account_id = ${ACCOUNT} and expires_at > now()
        and updated_at <= ${END} and (updated_at, lookup) < (${END}, (select $3::bytea))
      order by updated_at desc, lookup desc limit (select $4::int)
    ) as r ${SECRET} order by r.updated_at desc, r.lookup desc`,
};

const FIND: DayStatement = {
  name: 'receipts_own_find',
  dayText: `
    select ${RECEIPT_ON_DAYS} ${FROM_DAYS}
    where r.lookup = $1 and r.expires_on = $2 and r.expires_at > now() and r.account_id = $3`,
};

const ID = /^(\d{4})(\d\d)(\d\d)([0-9a-f]{40})$/;
const CURSOR = /^(\d{1,16})-([0-9a-f]{40})$/;
/** After every change: in 2286. */
const START = ['9999999999999999', Buffer.alloc(20, 0xff)] as const;

/** The secrets of an account as its signed-in owner sees and burns them, without their keys. */
@Injectable()
export class OwnReceipts {
  readonly #logger = loggerFor(OwnReceipts.name);

  constructor(
    private readonly statements: Statements,
    private readonly cipher: SecretCipher,
    private readonly receipts: ReceiptsService,
    private readonly memos: ReceiptMemos,
  ) {}

  /** The latest change first. Throws AppError `invalid_request` for an invalid cursor. */
  async page(owner: Account, limit: number, cursor: string | null): Promise<OwnReceiptPage> {
    const end = cursor === null ? START : endOf(cursor);
    const rows = await this.statements.run<Paged>(OWN_PAGE, [owner.id, ...end, limit + 1]);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      receipts: this.#listed(owner, shown),
      nextCursor: last === undefined ? null : `${last.changedAt}-${last.lookup.toString('hex')}`,
    };
  }

  /** Throws AppError `not_found` for an unknown receipt and for that of another account. */
  async get(owner: Account, id: string): Promise<OwnReceipt> {
    const address = addressOf(id);
    return ownReceipt(await this.#open(owner, address), address);
  }

  /**
   * Destroys the secret while it is unread.
   * @throws AppError `not_found`, and what ReceiptsService.burn() throws
   */
  async burn(caller: Caller, id: string, passphrase: string | null): Promise<void> {
    const { metadataKey } = await this.#open(ownerOf(caller), addressOf(id));
    await this.receipts.burn(caller, metadataKey, passphrase);
  }

  /** Throws AppError `not_found`, and what ReceiptMemos.write() throws. */
  async writeMemo(caller: Caller, id: string, text: string): Promise<void> {
    const { metadataKey } = await this.#open(ownerOf(caller), addressOf(id));
    await this.memos.write(caller, metadataKey, text);
  }

  async #open(owner: Account, address: Address): Promise<Receipt> {
    const values = [address.lookup, address.expiresOn, owner.id];
    const stored = await findReceipt<ListedReceipt>(this.statements, FIND, address, values);
    if (stored === null) throw notFound();
    const open = this.cipher.metadataKeysOf(owner.id);
    const receipt = listedReceipt(this.cipher, { ...stored, ownerEmail: owner.email }, open);
    if (receipt instanceof AppError) throw receipt;
    if (receipt === null) throw notFound();
    return receipt;
  }

  /** One that does not open must not hide the others. */
  #listed(owner: Account, rows: readonly ListedReceipt[]): OwnReceipt[] {
    const open = this.cipher.metadataKeysOf(owner.id);
    return rows.flatMap((row) => {
      const receipt = listedReceipt(this.cipher, { ...row, ownerEmail: owner.email }, open);
      if (receipt instanceof AppError)
        this.#logger.error({ err: receipt }, 'a receipt does not open, left out of a list');
      return receipt === null || receipt instanceof AppError ? [] : [ownReceipt(receipt, row)];
    });
  }
}

function ownReceipt(receipt: Receipt, { lookup, expiresOn }: Address): OwnReceipt {
  const { metadataKey: _key, secretKey: _secret, ownerEmail: _email, ...shown } = receipt;
  return { ...shown, id: expiresOn.replaceAll('-', '') + lookup.toString('hex') };
}

function addressOf(id: string): Address {
  const [, year, month, day, lookup = ''] = ID.exec(id) ?? [];
  const expiresOn = `${year}-${month}-${day}`;
  // Only a day that exists is its own date.
  const date = new Date(`${expiresOn}T00:00:00Z`);
  const isDay = Number.isFinite(date.getTime()) && date.toISOString().startsWith(expiresOn);
  if (!isDay) throw notFound();
  return { lookup: Buffer.from(lookup, 'hex'), expiresOn };
}

function endOf(cursor: string): readonly [changedAt: string, lookup: Buffer] {
  const [, changedAt, lookup = ''] = CURSOR.exec(cursor) ?? [];
  if (changedAt === undefined)
    throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
  return [changedAt, Buffer.from(lookup, 'hex')];
}

function ownerOf({ account }: Caller): Account {
  if (account === null) throw notAuthorized();
  return account;
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such message.');
}
