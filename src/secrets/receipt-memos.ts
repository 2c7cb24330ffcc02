import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { notAuthorized } from '../auth/not-authorized.js';
import { KeyMask } from './key-mask.js';
import type { Receipt } from './receipt.js';
import { ReceiptStore } from './receipt.store.js';
import { SecretCipher } from './secret-cipher.js';
import { secretGone } from './secrets.service.js';
import { unsealedReceipt } from './unsealed-receipt.js';

const LENGTH_MAX = 500;
// Without `<` inside: a text of many of them would be read over and over.
const TAG = /<[a-z/!?][^<>]*>/gi;
// What a browser takes for the start of a tag that never ends.
const BRACKETS = /<+/g;
const TAG_START = /[a-z/!?]/i;

/** What the owner of a receipt notes on it. */
@Injectable()
export class ReceiptMemos {
  constructor(
    private readonly keys: KeyMask,
    private readonly cipher: SecretCipher,
    private readonly receipts: ReceiptStore,
  ) {}

  /**
   * Writes the memo of an own receipt, as plain text of at most 500 characters. An empty one removes it, null changes
   * nothing.
   * @throws AppError `not_authorized` for anybody but the owner, `secret_gone`
   */
  async write(caller: Caller, metadataKey: string, text: string | null): Promise<Receipt> {
    const owner = caller.account;
    if (owner === null) throw notAuthorized();
    const address = await this.keys.addressOf('receipt', metadataKey);
    const stored = await this.receipts.find(address, caller.tenant.domain);
    if (stored === null) throw secretGone();
    if (stored.ownerId !== owner.id) throw notAuthorized();
    const receipt = unsealedReceipt(this.cipher, stored, metadataKey);
    if (text === null) return receipt;
    const memo = plainMemo(text) || null;
    const sealed =
      memo === null ? null : this.cipher.sealForSender('memo', memo, metadataKey, stored);
    const updatedAt = await this.receipts.setMemo(address, owner.id, sealed);
    if (updatedAt === null) throw secretGone();
    return { ...receipt, memo, updatedAt };
  }
}

/** Without markup, each run of blanks as one space, cut at 500 characters. */
export function plainMemo(text: string): string {
  const plain = text.replace(TAG, '').replace(BRACKETS, unlessTag).replace(/\s+/gu, ' ').trim();
  return Array.from(plain).slice(0, LENGTH_MAX).join('').trimEnd();
}

/** The brackets, or nothing when a tag begins with them. */
function unlessTag(brackets: string, offset: number, text: string): string {
  return TAG_START.test(text.charAt(offset + brackets.length)) ? '' : brackets;
}
