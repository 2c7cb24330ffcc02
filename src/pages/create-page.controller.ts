import { Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { generateValue } from '../secrets/generated-value.js';
import { mayCreateHere } from '../secrets/link-domain.js';
import type { ConcealSecret, Receipt } from '../secrets/receipt.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { AppError } from '../shared/app-error.js';
import { secretLink } from './link.js';
import { pageOf, retryAfterHeaders, sendPage, type Page } from './page.js';
import { readPageForm } from './page-form.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { CreatedPage } from './views/created-page.js';
import { CreatePage } from './views/create-page.js';
import { PrivatePage } from './views/private-page.js';

/** `/`: the form, and the link that it leads to. A customer's domain may keep both to its owner. */
@Controller()
export class CreatePageController {
  constructor(private readonly secrets: SecretsService) {}

  @Get()
  form(@CurrentCaller() caller: Caller, @Res() reply: FastifyReply): void {
    const view = mayCreateHere(caller, 'page') ? CreatePage({}) : PrivatePage({});
    sendPage(reply, pageOf(view));
  }

  @Post()
  @UseGuards(SameOriginGuard)
  async create(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, await this.#create(caller, readCreateForm(request)));
  }

  async #create(caller: Caller, { typed, command }: CreateForm): Promise<Page> {
    try {
      const receipt = await this.secrets.conceal(caller, command);
      return pageOf(createdView(caller, receipt, command), { status: 201 });
    } catch (error) {
      if (error instanceof AppError && error.code === 'forbidden')
        return pageOf(PrivatePage({ alert: error.message }), { status: 403 });
      const answer = formAnswerTo(error);
      if (answer === null) throw error;
      const { ttlSeconds } = command;
      return pageOf(CreatePage({ value: typed, ttlSeconds, alert: answer.alert }), answer);
    }
  }
}

function createdView({ tenant }: Caller, receipt: Receipt, { kind, value }: ConcealSecret): VNode {
  const { metadataKey, secretKey, domain, hasPassphrase } = receipt;
  if (secretKey === null) throw new Error('a secret was concealed without a key');
  const link = secretLink(tenant, domain, secretKey);
  const generatedValue = kind === 'generate' ? value : null;
  return CreatedPage({ link, metadataKey, generatedValue, hasPassphrase });
}

interface CreateForm {
  readonly command: ConcealSecret;
  /** The message as typed, to be shown again when something else is wrong. */
  readonly typed: string;
}

function readCreateForm(request: FastifyRequest): CreateForm {
  const form = readPageForm(request);
  const kind = form.get('kind') === 'generate' ? 'generate' : 'share';
  // A form sends every newline as CRLF, whatever was typed; a key file with CRLF would not work.
  const typed = (form.get('secret') ?? '').replaceAll('\r\n', '\n');
  const ttl = form.get('ttl') ?? '';
  const command = {
    kind,
    value: kind === 'generate' ? generateValue() : typed,
    ttlSeconds: /^\d{1,9}$/.test(ttl) ? Number(ttl) : null,
    passphrase: form.get('passphrase') || null,
    recipients: [],
    shareDomain: null,
    surface: 'page',
  } as const;
  return { command, typed };
}

interface FormAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly alert: string;
}

/** What went wrong, for the form: what was typed must not be lost to it. Null for what no form can put right. */
function formAnswerTo(error: unknown): FormAnswer | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'invalid_request') return { status: 400, headers: {}, alert: error.message };
  if (error.code !== 'busy' && error.code !== 'unavailable') return null;
  const alert = 'Your message could not be stored. Try again in a moment.';
  return { status: 503, headers: retryAfterHeaders(error), alert };
}
