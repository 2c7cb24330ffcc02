import { Controller, Get, Post, UseInterceptors } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { offerTo } from '../../secrets/conceal-offer.js';
import { mayCreateHere } from '../../secrets/link-domain.js';
import type { ConcealSecret, Receipt } from '../../secrets/receipt.js';
import type { PressMark } from '../../secrets/press.store.js';
import { SecretsService } from '../../secrets/secrets.service.js';
import { AppError } from '../../shared/app-error.js';
import type { Texts } from '../messages/messages.js';
import { concealRefusal } from './conceal-refusal.js';
import { createdPath } from './created-path.js';
import { readCreateForm, type CreateForm } from './create-form.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import { GeneratedValues } from './generated-values.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { Presses } from '../frame/presses.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { receiptNonces } from './receipt-nonces.js';
import { linkIn } from './secret-link.js';
import { CreatedPage } from './views/created-page.js';
import { CreatePage, type CreatePageProps } from './views/create-page.js';
import { PrivatePage } from './views/private-page.js';

const REFUSED = { status: 400, headers: {} } as const;

/** `/`: the form, and the way to the page of its link. A customer's domain may restrict both to its owner. */
@Controller()
@OfferedBy('serve')
@Scoped('create')
@UseInterceptors(PageInterceptor)
export class CreatePageController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly presses: Presses,
    private readonly generated: GeneratedValues,
  ) {}

  @Get()
  form(@CurrentVisit() { caller, frame }: Visit): Page {
    if (!mayCreateHere(caller, 'page')) return pageOf(frame, PrivatePage, {});
    return pageOf(frame, CreatePage, this.#emptyForm(caller), { isCompressible: true });
  }

  @Post()
  @Limited('by press')
  @SameOriginOnly()
  create(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const { caller, frame } = visit;
    const press = { caller, name: { form: 'create', key: '' }, sent } as const;
    const form = readCreateForm(sent);
    return this.presses.answer(press, {
      act: (mark) => this.#create(visit, form, mark),
      tell: async (outcome) =>
        this.#again(
          visit,
          form,
          outcome === 'created' ? createdElsewhere(frame.texts) : inWork(frame.texts),
        ),
    });
  }

  async #create(visit: Visit, form: CreateForm, mark: PressMark | null): Promise<Page> {
    const { caller, frame } = visit;
    const { command, typed, refusal } = form;
    if (refusal !== null) {
      const alert = frame.texts(refusal.key, refusal.values);
      return this.#again(visit, form, { ...REFUSED, alert });
    }
    try {
      const receipt = await this.secrets.conceal(caller, command, mark);
      // The next request to this name may go to another region (decision 9), which has no such receipt.
      if (caller.tenant.isDeprecatedName) return this.#created(visit, receipt, command);
      return seeOther(this.#createdPath(caller, receipt, command));
    } catch (error) {
      if (error instanceof AppError && error.code === 'forbidden') {
        const props = { alert: frame.texts('create.refused.notHere'), typed: typed.value };
        return pageOf(frame, PrivatePage, props, { status: 403 });
      }
      const failed = alertOf(visit, error);
      if (failed === null) throw error;
      return this.#again(visit, form, failed);
    }
  }

  #createdPath({ network }: Caller, { metadataKey }: Receipt, command: ConcealSecret): string {
    if (command.kind === 'share') return createdPath(metadataKey);
    return createdPath(metadataKey, this.generated.keep(metadataKey, command.value, network));
  }

  #created({ caller, frame }: Visit, receipt: Receipt, { kind, value }: ConcealSecret): Page {
    const link = linkIn(receipt, caller.tenant) ?? '';
    const generatedValue = kind === 'generate' ? value : null;
    const nonces = receiptNonces(this.presses, caller, receipt.metadataKey);
    const props = { receipt, link, generatedValue, nonces, mail: null };
    return pageOf(frame, CreatedPage, props, { status: 201 });
  }

  /** The form with everything that was typed. */
  #again({ caller, frame }: Visit, { typed }: CreateForm, failed: FormAlert): Page {
    const props = { ...this.#emptyForm(caller), ...typed, alert: failed.alert };
    return pageOf(frame, CreatePage, props, failed);
  }

  #emptyForm(caller: Caller): CreatePageProps {
    return {
      offer: offerTo(caller),
      nonce: this.presses.nonceFor(caller, { form: 'create', key: '' }),
    };
  }
}

/** What the form says when it is shown again; null for an error that needs another page. */
function alertOf({ caller, frame: { texts } }: Visit, error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'invalid_request')
    return { ...REFUSED, alert: concealRefusal(texts, error, offerTo(caller)) };
  const isTemporary = error.code === 'busy' || error.code === 'unavailable';
  return isTemporary ? tryAgainLater(texts, error, texts('create.notStored')) : null;
}

function createdElsewhere(texts: Texts): FormAlert {
  return { status: 409, headers: {}, alert: texts('create.elsewhere') };
}

function inWork(texts: Texts): FormAlert {
  return { status: 409, headers: { 'retry-after': '10' }, alert: texts('create.inWork') };
}
