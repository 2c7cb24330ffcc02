import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { readLinkKey } from '../../secrets/link-key.js';
import { ReceiptMemos } from '../../secrets/receipt-memos.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { AppError } from '../../shared/app-error.js';
import type { V2Burned, V2MemoAnswer, V2ReceiptAnswer } from './v2-answers.js';
import { presentBurned, presentReceipt, presentShown } from './v2-receipt-presenter.js';
import type { BurnRequest, MemoRequest } from './v2-requests.js';

/** The answers about receipts, which the routes of accounts and of guests share. */
@Injectable()
export class V2ReceiptAnswers {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly memos: ReceiptMemos,
  ) {}

  /** @param method HEAD takes no value */
  async show(caller: Caller, param: string, method: string): Promise<V2ReceiptAnswer> {
    const takesValue = method === 'GET';
    const { receipt, value } = await this.receipts.look(caller, readLinkKey(param), { takesValue });
    return presentShown(receipt, value, caller);
  }

  async burn(caller: Caller, param: string, request: BurnRequest): Promise<V2Burned> {
    if (!request.continue) {
      throw new AppError('invalid_request', 'Nothing was burned: send "continue": true', {
        field: 'continue',
      });
    }
    const key = readLinkKey(param);
    const { receipt } = await this.receipts.burn(caller, key, request.passphrase || null);
    return presentBurned(receipt, caller);
  }

  async writeMemo(caller: Caller, param: string, { memo }: MemoRequest): Promise<V2MemoAnswer> {
    const receipt = await this.memos.write(caller, readLinkKey(param), memo);
    return { record: presentReceipt(receipt) };
  }
}
