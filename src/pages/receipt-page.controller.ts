import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Scoped } from '../auth/scoped.decorator.js';
import type { PressMark, PressOutcome } from '../secrets/press.store.js';
import type { Receipt } from '../secrets/receipt.js';
import { ReceiptsService } from '../secrets/receipts.service.js';
import { Limited } from '../limits/limited.decorator.js';
import { AppError } from '../shared/app-error.js';
import { tryAgainLater, type FormAlert } from './form-alert.js';
import { pageOf, type Page } from './page.js';
import { PageForm, type SentForm } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
import { shownElsewhere, stillInWork } from './pressed.js';
import { Presses } from './presses.js';
import { SameOriginOnly } from './same-origin-only.decorator.js';
import { linkIn } from './secret-link.js';
import { GeneratedValuePage, ReceiptPage, type ReceiptNonces } from './views/receipt-page.js';

const WRONG_PASSPHRASE = 'That is not the passphrase. Nothing was deleted.';
const GONE = 'That is not possible any more.';
const NOT_IT: FormAlert = { status: 400, headers: {}, alert: WRONG_PASSPHRASE };
const LAST_TRY: FormAlert = {
  ...NOT_IT,
  alert: 'That is not the passphrase, and it was the last try: the message is deleted.',
};
const TOO_LATE: FormAlert = { status: 409, headers: {}, alert: GONE };
const TOO_MANY_TRIES = 'There were too many tries with a wrong passphrase. Nothing was deleted.';
const BUSY = 'Too much is going on just now, and nothing was done.';

/** `/receipt/KEY`, and `/private/KEY` in older links: for the sender. Viewing it leaves the state `new` unchanged. */
@Controller()
@Limited('open')
@Scoped('read')
@UseInterceptors(PageInterceptor)
export class ReceiptPageController {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly presses: Presses,
  ) {}

  @Get(['receipt/:key', 'private/:key'])
  show(@CurrentCaller() caller: Caller, @Param('key') key: string): Promise<Page> {
    return this.#show(caller, key);
  }

  @Post('receipt/:key/burn')
  @Scoped('create')
  @Limited('by press')
  @SameOriginOnly()
  burn(
    @CurrentCaller() caller: Caller,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const press = { caller, name: { form: 'burn', key }, sent } as const;
    const act = async (mark: PressMark | null): Promise<Page> => {
      const { receipt } = await this.receipts.burn(caller, key, sent.passphrase, mark);
      return this.#receiptPage(caller, receipt);
    };
    return this.presses.answer(press, {
      act: (mark) => this.#orReceipt(caller, key, () => act(mark)),
      tell: (outcome) => this.#tell(caller, key, outcome),
    });
  }

  @Post('receipt/:key/value')
  @Limited('by press')
  @SameOriginOnly()
  showGeneratedValue(
    @CurrentCaller() caller: Caller,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const press = { caller, name: { form: 'value', key }, sent } as const;
    const act = async (mark: PressMark | null): Promise<Page> => {
      const value = await this.receipts.takeGeneratedValue(caller, key, mark);
      return pageOf(GeneratedValuePage({ metadataKey: key, value }));
    };
    return this.presses.answer(press, {
      act: (mark) => this.#orReceipt(caller, key, () => act(mark)),
      tell: (outcome) => this.#tell(caller, key, outcome),
    });
  }

  /** The page of `act`; the receipt with an alert when it fails in a way that the sender can understand. */
  async #orReceipt(caller: Caller, key: string, act: () => Promise<Page>): Promise<Page> {
    try {
      return await act();
    } catch (error) {
      const alert = alertOf(error);
      if (alert === null) throw error;
      return this.#show(caller, key, alert);
    }
  }

  async #tell(caller: Caller, key: string, outcome: PressOutcome): Promise<Page> {
    if (outcome === 'shown') return shownElsewhere(key);
    if (outcome === 'begun') return stillInWork(`/receipt/${key}`);
    const receipt = await this.receipts.show(caller, key, { markViewed: false });
    // A wrong passphrase may have burned it, if its sender chose so; the receipt says that it is deleted.
    if (outcome === 'burned') return this.#receiptPage(caller, receipt);
    return this.#receiptPage(caller, receipt, receipt.secretKey === null ? TOO_LATE : NOT_IT);
  }

  async #show(caller: Caller, key: string, failed?: FormAlert): Promise<Page> {
    const receipt = await this.receipts.show(caller, key, { markViewed: false });
    const isLastTry = failed === NOT_IT && receipt.state === 'burned';
    return this.#receiptPage(caller, receipt, isLastTry ? LAST_TRY : failed);
  }

  #receiptPage(caller: Caller, receipt: Receipt, failed?: FormAlert): Page {
    const link = linkIn(receipt, caller.tenant);
    const props = { receipt, link, nonces: this.#noncesFor(caller, receipt.metadataKey) };
    if (failed === undefined) return pageOf(ReceiptPage(props));
    return pageOf(ReceiptPage({ ...props, alert: failed.alert }), failed);
  }

  #noncesFor(caller: Caller, key: string): ReceiptNonces {
    return {
      burn: this.presses.nonceFor(caller, { form: 'burn', key }),
      value: this.presses.nonceFor(caller, { form: 'value', key }),
    };
  }
}

/** What the receipt says when it is shown again; null for an error that needs another page. */
function alertOf(error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'wrong_passphrase') return NOT_IT;
  if (error.code === 'secret_gone') return TOO_LATE;
  if (error.code === 'rate_limited') return tryAgainLater(error, TOO_MANY_TRIES);
  return error.code === 'busy' ? tryAgainLater(error, BUSY) : null;
}
