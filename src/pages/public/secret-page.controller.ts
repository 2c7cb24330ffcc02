import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import type { PressMark, PressOutcome } from '../../secrets/press.store.js';
import { SecretsService } from '../../secrets/secrets.service.js';
import { AppError } from '../../shared/app-error.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import type { Texts } from '../messages/messages.js';
import { envelopeOf } from './envelope.js';
import { openedElsewhere, stillInWork } from './pressed.js';
import { Presses, type PressDoubt } from '../frame/presses.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { EnvelopePage, type EnvelopePageProps } from './views/envelope-page.js';
import { GonePage } from './views/gone-page.js';
import { RevealedPage } from './views/revealed-page.js';

// Clears the browser's cache of this site, the back-forward cache included: "back" must not show the message again.
const FORGET_HEADERS = { 'clear-site-data': '"cache"' };

/** `/secret/KEY`: GET shows the envelope and changes nothing, POST by a person reveals the message. */
@Controller('secret/:key')
@OfferedBy('serve')
@Limited('open')
@Scoped('read')
@UseInterceptors(PageInterceptor)
export class SecretPageController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly presses: Presses,
  ) {}

  @Get()
  envelope(@CurrentVisit() visit: Visit, @Param('key') key: string): Promise<Page> {
    return this.#envelope(visit, key);
  }

  @Post()
  @Limited('by press')
  @SameOriginOnly()
  open(
    @CurrentVisit() visit: Visit,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller } = visit;
    const press = { caller, name: { form: 'open', key }, sent } as const;
    const doubt = this.presses.doubtOf(press);
    if (doubt !== null) {
      const failed = doubted(visit.frame.texts, doubt);
      const passphrase = sent.passphrase ?? undefined;
      const again = { isConfirmationShown: doubt === 'unconfirmed', passphrase };
      return this.presses.refuse(press, () => this.#envelope(visit, key, failed, again));
    }
    return this.presses.answer(press, {
      act: (mark) => this.#open(visit, key, sent.passphrase, mark),
      tell: (outcome) => this.#tell(visit, key, outcome),
    });
  }

  async #open(
    { caller, frame }: Visit,
    key: string,
    passphrase: string | null,
    mark: PressMark | null,
  ): Promise<Page> {
    try {
      const { value } = await this.secrets.reveal(caller, key, passphrase, mark);
      return pageOf(frame, RevealedPage, { value }, { headers: FORGET_HEADERS });
    } catch (error) {
      const alert = alertOf(frame.texts, error);
      if (alert === null) throw error;
      return this.#envelope({ caller, frame }, key, alert);
    }
  }

  async #tell(visit: Visit, key: string, outcome: PressOutcome): Promise<Page> {
    if (outcome === 'opened') return openedElsewhere(visit.frame, key);
    if (outcome === 'begun') return stillInWork(visit.frame, `/secret/${key}`);
    // Refused, or burned by the last wrong passphrase: the page is gone then.
    return this.#envelope(visit, key, notOpened(visit.frame.texts));
  }

  /**
   * The envelope if the secret exists, else the page for gone. After a failed attempt it discloses no more than another
   * GET would: whether the secret exists, and whether it has a passphrase.
   */
  async #envelope(
    { caller, frame }: Visit,
    key: string,
    failed?: FormAlert,
    again: Partial<EnvelopePageProps> = {},
  ): Promise<Page> {
    const secret = await this.secrets.peek(caller, key);
    if (secret === null) return pageOf(frame, GonePage, {}, { status: 404 });
    const { hasPassphrase } = secret;
    const nonce = this.presses.nonceFor(caller, { form: 'open', key });
    const props = { linkKey: key, hasPassphrase, nonce };
    if (failed === undefined) return envelopeOf(frame, props);
    return pageOf(frame, EnvelopePage, { ...props, ...again, alert: failed.alert }, failed);
  }
}

/** What the envelope says when it is shown again; null for an error that the recipient cannot correct. */
function alertOf(texts: Texts, error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'secret_gone') return notOpened(texts);
  if (error.code === 'rate_limited')
    return tryAgainLater(texts, error, texts('envelope.tooManyTries'));
  return error.code === 'busy' ? tryAgainLater(texts, error, texts('envelope.busy')) : null;
}

function doubted(texts: Texts, doubt: PressDoubt): FormAlert {
  return { status: 400, headers: {}, alert: texts(`envelope.${doubt}`) };
}

function notOpened(texts: Texts): FormAlert {
  return { status: 400, headers: {}, alert: texts('envelope.notOpened') };
}
