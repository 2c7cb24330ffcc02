import { Controller, Get, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { ReceiptsService } from '../secrets/receipts.service.js';
import { Limited } from '../limits/limited.decorator.js';
import { AppError } from '../shared/app-error.js';
import { tryAgainLater, type FormAlert } from './form-alert.js';
import { pageOf, type Page } from './page.js';
import { PageForm, readPassphrase } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { readLinkKey } from '../secrets/link-key.js';
import { secretLink } from './secret-link.js';
import { GeneratedValuePage, ReceiptPage } from './views/receipt-page.js';

const WRONG_PASSPHRASE = 'That is not the passphrase. Nothing was deleted.';
const GONE = 'That is not possible any more.';
const TOO_MANY_TRIES =
  'There were too many tries with a wrong passphrase. Nothing was deleted. Try again in a few minutes.';
const BUSY = 'Too much is going on just now, and nothing was done. Try again in a moment.';

/** `/receipt/KEY`, and `/private/KEY` in older links: for the sender. Viewing it leaves the state `new` unchanged. */
@Controller()
@Limited('open')
@UseInterceptors(PageInterceptor)
export class ReceiptPageController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Get(['receipt/:key', 'private/:key'])
  show(@CurrentCaller() caller: Caller, @Param('key') param: string): Promise<Page> {
    return this.#show(caller, readLinkKey(param));
  }

  @Post('receipt/:key/burn')
  @UseGuards(SameOriginGuard)
  burn(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @PageForm() form: URLSearchParams,
  ): Promise<Page> {
    const key = readLinkKey(param);
    return this.#orReceipt(caller, key, async () => {
      const { receipt } = await this.receipts.burn(caller, key, readPassphrase(form));
      return pageOf(ReceiptPage({ receipt, link: null }));
    });
  }

  @Post('receipt/:key/value')
  @UseGuards(SameOriginGuard)
  showGeneratedValue(@CurrentCaller() caller: Caller, @Param('key') param: string): Promise<Page> {
    const key = readLinkKey(param);
    return this.#orReceipt(caller, key, async () => {
      const value = await this.receipts.takeGeneratedValue(caller, key);
      return pageOf(GeneratedValuePage({ metadataKey: key, value }));
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

  async #show(caller: Caller, key: string, failed?: FormAlert): Promise<Page> {
    const receipt = await this.receipts.show(caller, key, { markViewed: false });
    const { secretKey, domain } = receipt;
    const link = secretKey === null ? null : secretLink(caller.tenant, domain, secretKey);
    if (failed === undefined) return pageOf(ReceiptPage({ receipt, link }));
    return pageOf(ReceiptPage({ receipt, link, alert: failed.alert }), failed);
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
