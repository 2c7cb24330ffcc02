import { Controller, Get, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { VNode } from 'preact';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Limited } from '../limits/limited.decorator.js';
import { generateValue } from '../secrets/generated-value.js';
import { mayCreateHere } from '../secrets/link-domain.js';
import type { ConcealSecret, Receipt } from '../secrets/receipt.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { AppError } from '../shared/app-error.js';
import { tryAgainLater, type FormAlert } from './form-alert.js';
import { pageOf, type Page } from './page.js';
import { PageForm, readPassphrase } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
import { SameOriginGuard } from './same-origin.guard.js';
import { secretLink } from './secret-link.js';
import { CreatedPage } from './views/created-page.js';
import { CreatePage } from './views/create-page.js';
import { PrivatePage } from './views/private-page.js';

const NOT_STORED = 'Your message could not be stored. Try again in a moment.';

/** `/`: the form, and the link that it creates. A customer's domain may restrict both to its owner. */
@Controller()
@UseInterceptors(PageInterceptor)
export class CreatePageController {
  constructor(private readonly secrets: SecretsService) {}

  @Get()
  form(@CurrentCaller() caller: Caller): Page {
    return pageOf(mayCreateHere(caller, 'page') ? CreatePage({}) : PrivatePage({}));
  }

  @Post()
  @Limited('create')
  @UseGuards(SameOriginGuard)
  async create(@CurrentCaller() caller: Caller, @PageForm() form: URLSearchParams): Promise<Page> {
    const { typed, command } = readCreateForm(form);
    try {
      const receipt = await this.secrets.conceal(caller, command);
      return pageOf(createdView(caller, receipt, command), { status: 201 });
    } catch (error) {
      if (error instanceof AppError && error.code === 'forbidden')
        return pageOf(PrivatePage({ alert: error.message }), { status: 403 });
      const failed = alertOf(error);
      if (failed === null) throw error;
      const { ttlSeconds } = command;
      return pageOf(CreatePage({ value: typed, ttlSeconds, alert: failed.alert }), failed);
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
  /** The message as typed, for a form that is shown again. */
  readonly typed: string;
}

function readCreateForm(form: URLSearchParams): CreateForm {
  const kind = form.get('kind') === 'generate' ? 'generate' : 'share';
  // Browsers send every newline of a form as CRLF, and a key file with CRLF does not work.
  const typed = (form.get('secret') ?? '').replaceAll('\r\n', '\n');
  const ttl = form.get('ttl') ?? '';
  const command = {
    kind,
    value: kind === 'generate' ? generateValue() : typed,
    ttlSeconds: /^\d{1,9}$/.test(ttl) ? Number(ttl) : null,
    passphrase: readPassphrase(form),
    recipients: [],
    shareDomain: null,
    surface: 'page',
  } as const;
  return { command, typed };
}

/** What the form says when it is shown again with the typed message; null for an error that needs another page. */
function alertOf(error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'invalid_request') return { status: 400, headers: {}, alert: error.message };
  const isTemporary = error.code === 'busy' || error.code === 'unavailable';
  return isTemporary ? tryAgainLater(error, NOT_STORED) : null;
}
