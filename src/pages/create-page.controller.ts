import { Controller, Get, Post, UseInterceptors } from '@nestjs/common';
import { PLANS } from '../accounts/plans.js';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Scoped } from '../auth/scoped.decorator.js';
import { Limited } from '../limits/limited.decorator.js';
import { mayCreateHere } from '../secrets/link-domain.js';
import type { ConcealSecret, Receipt } from '../secrets/receipt.js';
import type { PressMark } from '../secrets/press.store.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { AppError } from '../shared/app-error.js';
import { readCreateForm, type CreateForm } from './create-form.js';
import { tryAgainLater, type FormAlert } from './form-alert.js';
import { GeneratedValues } from './generated-values.js';
import { pageOf, seeOther, type Page } from './page.js';
import { PageForm, type SentForm } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
import { Presses } from './presses.js';
import { SameOriginOnly } from './same-origin-only.decorator.js';
import { linkIn } from './secret-link.js';
import { CreatedPage } from './views/created-page.js';
import { CreatePage, type CreatePageProps } from './views/create-page.js';
import { PrivatePage } from './views/private-page.js';

const NOT_STORED = 'Your message could not be stored.';

const REFUSED = { status: 400, headers: {} } as const;
const CREATED_ELSEWHERE: FormAlert = {
  status: 409,
  headers: {},
  alert:
    'The button was pressed twice, and the first press has made your link: go back to its answer, in this or another tab or window. This second press has made nothing. If you do not find the answer, create the link again; the first one, which nobody has then, ends unread.',
};
const IN_WORK: FormAlert = {
  status: 409,
  headers: { 'retry-after': '10' },
  alert:
    'The button was pressed twice, and the first press is still in work: wait for its answer, in this or another tab or window. This second press has made nothing.',
};

/** `/`: the form, and the way to the page of its link. A customer's domain may restrict both to its owner. */
@Controller()
@Scoped('create')
@UseInterceptors(PageInterceptor)
export class CreatePageController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly presses: Presses,
    private readonly generated: GeneratedValues,
  ) {}

  @Get()
  form(@CurrentCaller() caller: Caller): Page {
    if (!mayCreateHere(caller, 'page')) return pageOf(PrivatePage({}));
    return pageOf(CreatePage(this.#emptyForm(caller)));
  }

  @Post()
  @Limited('by press')
  @SameOriginOnly()
  create(@CurrentCaller() caller: Caller, @PageForm() sent: SentForm): Promise<Page> {
    const press = { caller, name: { form: 'create', key: '' }, sent } as const;
    const form = readCreateForm(sent);
    return this.presses.answer(press, {
      act: (mark) => this.#create(caller, form, mark),
      tell: async (outcome) =>
        this.#again(caller, form, outcome === 'created' ? CREATED_ELSEWHERE : IN_WORK),
    });
  }

  async #create(caller: Caller, form: CreateForm, mark: PressMark | null): Promise<Page> {
    const { command, typed, refusal } = form;
    if (refusal !== null) return this.#again(caller, form, { ...REFUSED, alert: refusal });
    try {
      const receipt = await this.secrets.conceal(caller, command, mark);
      // The next request to this name may go to another region (decision 9), which has no such receipt.
      if (caller.tenant.isDeprecatedName) return this.#created(caller, receipt, command);
      return seeOther(this.#createdPath(caller, receipt, command));
    } catch (error) {
      if (error instanceof AppError && error.code === 'forbidden') {
        const page = PrivatePage({ alert: error.message, typed: typed.value });
        return pageOf(page, { status: 403 });
      }
      const failed = alertOf(error);
      if (failed === null) throw error;
      return this.#again(caller, form, failed);
    }
  }

  #createdPath({ network }: Caller, { metadataKey }: Receipt, command: ConcealSecret): string {
    const path = `/receipt/${metadataKey}/created`;
    if (command.kind === 'share') return path;
    return `${path}?value=${this.generated.keep(metadataKey, command.value, network)}`;
  }

  #created(caller: Caller, receipt: Receipt, { kind, value }: ConcealSecret): Page {
    const link = linkIn(receipt, caller.tenant) ?? '';
    const generatedValue = kind === 'generate' ? value : null;
    const nonce = this.presses.nonceFor(caller, { form: 'value', key: receipt.metadataKey });
    return pageOf(CreatedPage({ receipt, link, generatedValue, nonce }), { status: 201 });
  }

  /** The form with everything that was typed. */
  #again(caller: Caller, { typed }: CreateForm, failed: FormAlert): Page {
    const props = { ...this.#emptyForm(caller), ...typed, alert: failed.alert };
    return pageOf(CreatePage(props), failed);
  }

  #emptyForm(caller: Caller): CreatePageProps {
    const limits = PLANS[caller.account?.plan ?? 'anonymous'];
    return { limits, nonce: this.presses.nonceFor(caller, { form: 'create', key: '' }) };
  }
}

/** What the form says when it is shown again; null for an error that needs another page. */
function alertOf(error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'invalid_request') return { ...REFUSED, alert: error.message };
  const isTemporary = error.code === 'busy' || error.code === 'unavailable';
  return isTemporary ? tryAgainLater(error, NOT_STORED) : null;
}
