import { Controller, Get, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Scoped } from '../auth/scoped.decorator.js';
import type { Receipt } from '../secrets/receipt.js';
import { ReceiptsService } from '../secrets/receipts.service.js';
import { Limited } from '../limits/limited.decorator.js';
import { AppError } from '../shared/app-error.js';
import { tryAgainLater, type FormAlert } from './form-alert.js';
import { pageOf, type Page } from './page.js';
import { PageForm, type SentForm } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
import { Presses } from './presses.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { linkIn } from './secret-link.js';
import { GeneratedValuePage, ReceiptPage, type ReceiptNonces } from './views/receipt-page.js';

const WRONG_PASSPHRASE = 'That is not the passphrase. Nothing was deleted.';
const GONE = 'That is not possible any more.';
const TOO_MANY_TRIES =
  'There were too many tries with a wrong passphrase. Nothing was deleted. Try again in a few minutes.';
const BUSY = 'Too much is going on just now, and nothing was done. Try again in a moment.';

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
  @UseGuards(SameOriginGuard)
  burn(
    @CurrentCaller() caller: Caller,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const press = { caller, name: { form: 'burn', key }, sent } as const;
    return this.presses.answer(press, () =>
      this.#orReceipt(caller, key, async () => {
        const { receipt } = await this.receipts.burn(caller, key, sent.passphrase);
        return this.#receiptPage(caller, receipt);
      }),
    );
  }

  @Post('receipt/:key/value')
  @UseGuards(SameOriginGuard)
  showGeneratedValue(
    @CurrentCaller() caller: Caller,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const press = { caller, name: { form: 'value', key }, sent } as const;
    return this.presses.answer(press, () =>
      this.#orReceipt(caller, key, async () => {
        const value = await this.receipts.takeGeneratedValue(caller, key);
        return pageOf(GeneratedValuePage({ metadataKey: key, value }));
      }),
    );
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

  async #show(caller: Caller, key: string, failed?: FormAlert): Promise<Page> {
    const receipt = await this.receipts.show(caller, key, { markViewed: false });
    return this.#receiptPage(caller, receipt, failed);
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
  if (error.code === 'wrong_passphrase')
    return { status: 400, headers: {}, alert: WRONG_PASSPHRASE };
  if (error.code === 'secret_gone') return { status: 409, headers: {}, alert: GONE };
  if (error.code === 'rate_limited') return tryAgainLater(error, TOO_MANY_TRIES);
  return error.code === 'busy' ? tryAgainLater(error, BUSY) : null;
}
