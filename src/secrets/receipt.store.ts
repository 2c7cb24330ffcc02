import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import type { DayStatement } from '../database/day-partitions.js';
import { PackedRows, type PackedPart } from '../database/packed-rows.js';
import { Statements, type Statement } from '../database/statements.js';
import { takesNoWrites } from '../database/write-failure.js';
import type { GuessCharges } from '../limits/guess-limits.js';
import type { Hostname } from '../shared/hostname.js';
import { findReceipt } from './find-receipt.js';
import { type GuessOutcome, takesGuess } from './guess-statement.js';
import type { Address } from './key-mask.js';
import {
  BURN_ALL,
  BURN_UNREAD,
  COUNT_UNREAD,
  FIND,
  FIND_UNREAD_SINCE,
  FIND_WITH_SECRET,
  GUESS_WITH_SECRET,
  MARK_PREVIEWED,
  MARK_VIEWED,
  RECENT,
  SET_MEMO,
  TAKE_VALUE,
  TAKE_VALUE_IN_PRESS,
} from './receipt-statements.js';
import type { PressMark } from './press.store.js';
import type { Receipt } from './receipt.js';
import { recentRows, type RecentRow } from './recent-receipts.js';

type SealedField = 'metadataKey' | 'secretKey' | 'memo' | 'secretShortId';

/** A receipt as a list reads it. The database's clock decides its state and remaining times. */
export interface ListedReceipt extends Omit<Receipt, SealedField | 'ownerEmail'>, Address {
  readonly keyVersion: number;
  /** Null without an account. */
  readonly sealedMetadataKey: Buffer | null;
  readonly sealedMemo: Buffer | null;
}

/** A receipt with sealed keys. */
export interface StoredReceipt extends ListedReceipt, Pick<Receipt, 'ownerEmail'> {
  /** Null once the secret is gone. */
  readonly sealedSecretKey: Buffer | null;
  readonly sealedShortId: Buffer | null;
}

/** A receipt with the fields that open its secret, which are null once the secret is gone. */
export interface StoredReceiptWithSecret extends StoredReceipt {
  readonly secretLookup: Buffer;
  readonly secretExpiresOn: string;
  readonly secretDomain: Hostname | null;
  readonly secretKeyVersion: number | null;
  readonly salt: Buffer | null;
  readonly passphraseRule: number | null;
  /** Also null for a shared value without a passphrase: nothing needs it. */
  readonly ciphertext: Buffer | null;
}

export interface UnreadCount {
  readonly count: number;
  /** Whether there may be more: not all of the account's receipts were looked at. */
  readonly isMinimum: boolean;
}

/** A receipt whose secret a passphrase may be tried at. */
export interface GuessedReceipt extends StoredReceiptWithSecret {
  /** A wrong passphrase now burns the secret, as its owner chose. */
  readonly isLastGuess: boolean;
}

/** The statements on receipts. `domain` is the custom domain of the request, null on the region's own host. */
@Injectable()
export class ReceiptStore {
  constructor(private readonly statements: Statements) {}

  async find(address: Address, domain: Hostname | null): Promise<StoredReceipt | null> {
    const values = [address.lookup, address.expiresOn, domain];
    return findReceipt<StoredReceipt>(this.statements, FIND, address, values);
  }

  async findWithSecret(
    address: Address,
    domain: Hostname | null,
  ): Promise<StoredReceiptWithSecret | null> {
    const values = [address.lookup, address.expiresOn, domain];
    return findReceipt<StoredReceiptWithSecret>(this.statements, FIND_WITH_SECRET, address, values);
  }

  /**
   * findWithSecret() for a caller who sends a passphrase: counts the guess. Null also when others have the last guess.
   * @throws AppError `rate_limited`
   */
  async findToGuess(
    address: Address,
    domain: Hostname | null,
    { keys, seconds, bursts }: GuessCharges,
  ): Promise<GuessedReceipt | null> {
    type Row = StoredReceiptWithSecret & GuessOutcome;
    const values = [address.lookup, address.expiresOn, domain, keys, seconds, bursts];
    this.statements.requireClaims();
    const row = await findReceipt<Row>(this.statements, GUESS_WITH_SECRET, address, values);
    if (row === null || !takesGuess(row)) return null;
    return { ...row, isLastGuess: row.guessesLeft === 0 };
  }

  /** Changes the state from `new` to `viewed`; leaves any other state. */
  markViewed(address: Address): Promise<void> {
    return this.#mark(MARK_VIEWED, address);
  }

  /** Counts one look at the link of an unread secret. */
  markPreviewed(address: Address): Promise<void> {
    return this.#mark(MARK_PREVIEWED, address);
  }

  /** What is looked at is shown also while the database takes no writes, which the region's state reports. */
  async #mark(statement: DayStatement, { lookup, expiresOn }: Address): Promise<void> {
    try {
      await this.statements.runOn(statement, { receipts: expiresOn }, [lookup, expiresOn]);
    } catch (error) {
      if (!takesNoWrites(error)) throw error;
    }
  }

  /** The time of the change; null when the receipt is not the owner's any more. */
  async setMemo(
    { lookup, expiresOn }: Address,
    owner: AccountId,
    sealedMemo: Buffer | null,
  ): Promise<Date | null> {
    const values = [lookup, expiresOn, owner, sealedMemo];
    const days = { receipts: expiresOn };
    const [row] = await this.statements.runOn<{ updatedAt: Date }>(SET_MEMO, days, values);
    return row?.updatedAt ?? null;
  }

  /** True for exactly one caller, within a minute of the creation. Does not change the secret. */
  async takeValue(
    { lookup, expiresOn }: Address,
    press: PressMark | null = null,
  ): Promise<boolean> {
    const [statement, more] = press === null ? [TAKE_VALUE, []] : [TAKE_VALUE_IN_PRESS, [press]];
    const rows = await this.statements.runOn(statement, { receipts: expiresOn }, [
      lookup,
      expiresOn,
      ...more,
    ]);
    return rows.length === 1;
  }

  /** The account's receipts that changed in the last 30 days, latest change first, at most 1,000. */
  async findRecent(owner: AccountId, domain: Hostname | null): Promise<Iterable<RecentRow>> {
    const parts = await this.statements.run<PackedPart>(RECENT, [owner, domain]);
    return recentRows(PackedRows.of(parts));
  }

  async countUnread(owner: AccountId): Promise<UnreadCount> {
    const [row] = await this.statements.run<UnreadCount>(COUNT_UNREAD, [owner]);
    return row ?? { count: 0, isMinimum: false };
  }

  /** Whether the owner has an unread secret that was made after `since`. */
  async hasUnreadSince(owner: AccountId, since: Date): Promise<boolean> {
    return (await this.statements.run(FIND_UNREAD_SINCE, [owner, since])).length > 0;
  }

  /** Burns the owner's unread secrets, in batches. Returns whether none is left. */
  burnUnreadOf(owner: AccountId, batchesMax: number): Promise<boolean> {
    return this.#burn(BURN_UNREAD, owner, batchesMax);
  }

  /** Burns the owner's unread secrets, and then removes the owner from every receipt. */
  async burnAllOf(owner: AccountId): Promise<void> {
    for (const statement of [BURN_UNREAD, BURN_ALL])
      await this.#burn(statement, owner, Number.POSITIVE_INFINITY);
  }

  async #burn(statement: Statement, owner: AccountId, batchesMax: number): Promise<boolean> {
    for (let batch = 0; batch < batchesMax; batch += 1) {
      const [row] = await this.statements.run<{ count: number }>(statement, [owner]);
      if (row === undefined || row.count === 0) return true;
    }
    return false;
  }
}
