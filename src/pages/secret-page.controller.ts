import { Controller, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { AppError } from '../shared/app-error.js';
import { pageOf, retryAfterHeaders, sendPage, type Page } from './page.js';
import { readFormPassphrase, readPageKey } from './page-form.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { EnvelopePage } from './views/envelope-page.js';
import { GonePage } from './views/gone-page.js';
import { RevealedPage } from './views/revealed-page.js';

// Drops what the browser kept of this site, its back-forward cache included: "back" must not show the message again.
const FORGET_HEADERS = { 'clear-site-data': '"cache"' };

const DID_NOT_OPEN = 'That did not open. Check the passphrase and try again.';
const BUSY = 'Nothing was opened: too much is going on just now. Try again in a moment.';

/** `/secret/KEY`: the envelope, and the message once somebody presses the button. Looking changes nothing. */
@Controller('secret/:key')
export class SecretPageController {
  constructor(private readonly secrets: SecretsService) {}

  @Get()
  async envelope(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, await this.#envelope(caller, readPageKey(param)));
  }

  @Post()
  @UseGuards(SameOriginGuard)
  async open(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = readPageKey(param);
    sendPage(reply, await this.#open(caller, key, readFormPassphrase(request)));
  }

  async #open(caller: Caller, key: string, passphrase: string | null): Promise<Page> {
    try {
      const { value } = await this.secrets.reveal(caller, key, passphrase);
      return pageOf(RevealedPage({ value }), { headers: FORGET_HEADERS });
    } catch (error) {
      const retry = retryOf(error);
      if (retry === null) throw error;
      return this.#envelope(caller, key, retry);
    }
  }

  /**
   * The envelope if there is something in it, else the one page for gone. After a failed try it says no more than
   * looking at the link again would: whether something is there, and whether it has a passphrase.
   */
  async #envelope(caller: Caller, key: string, retry?: Retry): Promise<Page> {
    const secret = await this.secrets.peek(caller, key);
    if (secret === null) return pageOf(GonePage(), { status: 404 });
    const { hasPassphrase } = secret;
    if (retry === undefined) return pageOf(EnvelopePage({ linkKey: key, hasPassphrase }));
    return pageOf(EnvelopePage({ linkKey: key, hasPassphrase, alert: retry.alert }), retry);
  }
}

interface Retry {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly alert: string;
}

/** What to say with the envelope shown again; null for errors that are not the recipient's to try again. */
function retryOf(error: unknown): Retry | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'secret_gone') return { status: 400, headers: {}, alert: DID_NOT_OPEN };
  if (error.code !== 'busy') return null;
  return { status: 503, headers: retryAfterHeaders(error), alert: BUSY };
}
