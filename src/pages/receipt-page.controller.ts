import { Controller, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import type { Receipt } from '../secrets/receipt.js';
import { ReceiptsService } from '../secrets/receipts.service.js';
import { AppError } from '../shared/app-error.js';
import { secretLink } from './link.js';
import { pageOf, retryAfterHeaders, sendPage, type Page } from './page.js';
import { readFormPassphrase, readPageKey } from './page-form.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { GonePage } from './views/gone-page.js';
import { GeneratedValuePage, ReceiptPage } from './views/receipt-page.js';

/** `/receipt/KEY`, once `/private/KEY`: for whoever sent the message. Looking changes nothing, not even `new`. */
@Controller()
export class ReceiptPageController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Get(['receipt/:key', 'private/:key'])
  async show(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, await this.#show(caller, readPageKey(param)));
  }

  @Post('receipt/:key/burn')
  @UseGuards(SameOriginGuard)
  async burn(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readPageKey(param);
    const passphrase = readFormPassphrase(request);
    sendPage(reply, await this.#orReceipt(caller, key, () => this.#burn(caller, key, passphrase)));
  }

  @Post('receipt/:key/value')
  @UseGuards(SameOriginGuard)
  async showGeneratedValue(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readPageKey(param);
    sendPage(reply, await this.#orReceipt(caller, key, () => this.#takeValue(caller, key)));
  }

  async #burn(caller: Caller, key: string, passphrase: string | null): Promise<Page> {
    const { receipt } = await this.receipts.burn(caller, key, passphrase);
    return pageOf(ReceiptPage({ receipt, link: null }));
  }

  async #takeValue(caller: Caller, key: string): Promise<Page> {
    const value = await this.receipts.takeGeneratedValue(caller, key);
    return pageOf(GeneratedValuePage({ metadataKey: key, value }));
  }

  /** The receipt again, saying what did not work. */
  async #orReceipt(caller: Caller, key: string, act: () => Promise<Page>): Promise<Page> {
    try {
      return await act();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      return this.#show(caller, key, refusal);
    }
  }

  async #show(caller: Caller, key: string, refusal?: Refusal): Promise<Page> {
    const receipt = await this.#findReceipt(caller, key);
    if (receipt === null) return pageOf(GonePage(), { status: 404 });
    const { secretKey, domain } = receipt;
    const link = secretKey === null ? null : secretLink(caller.tenant, domain, secretKey);
    if (refusal === undefined) return pageOf(ReceiptPage({ receipt, link }));
    return pageOf(ReceiptPage({ receipt, link, alert: refusal.alert }), refusal);
  }

  async #findReceipt(caller: Caller, key: string): Promise<Receipt | null> {
    try {
      return await this.receipts.show(caller, key, { markViewed: false });
    } catch (error) {
      if (error instanceof AppError && error.code === 'secret_gone') return null;
      throw error;
    }
  }
}

interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly alert: string;
}

function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'wrong_passphrase') {
    return { status: 400, headers: {}, alert: 'That is not the passphrase. Nothing was deleted.' };
  }
  if (error.code === 'secret_gone') {
    return { status: 409, headers: {}, alert: 'That is not possible any more.' };
  }
  if (error.code !== 'busy') return null;
  const alert = 'Too much is going on just now, and nothing was done. Try again in a moment.';
  return { status: 503, headers: retryAfterHeaders(error), alert };
}
