import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.decorator.js';
import { Scoped } from '../auth/scoped.decorator.js';
import { Limited } from '../limits/limited.decorator.js';
import type { PressMark, PressOutcome } from '../secrets/press.store.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { AppError } from '../shared/app-error.js';
import { tryAgainLater, type FormAlert } from './form-alert.js';
import { pageOf, type Page } from './page.js';
import { PageForm, type SentForm } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
import { openedElsewhere, stillInWork } from './pressed.js';
import { Presses } from './presses.js';
import { SameOriginOnly } from './same-origin-only.decorator.js';
import { EnvelopePage } from './views/envelope-page.js';
import { GonePage } from './views/gone-page.js';
import { RevealedPage } from './views/revealed-page.js';

// Clears the browser's cache of this site, the back-forward cache included: "back" must not show the message again.
const FORGET_HEADERS = { 'clear-site-data': '"cache"' };

const DID_NOT_OPEN = 'That did not open. Check the passphrase and try again.';
const NOT_OPENED: FormAlert = { status: 400, headers: {}, alert: DID_NOT_OPEN };
const TOO_MANY_TRIES = 'There were too many tries with a wrong passphrase. Nothing was opened.';
const BUSY = 'Nothing was opened: too much is going on just now.';

/** `/secret/KEY`: GET shows the envelope and changes nothing, POST reveals the message. */
@Controller('secret/:key')
@Limited('open')
@Scoped('read')
@UseInterceptors(PageInterceptor)
export class SecretPageController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly presses: Presses,
  ) {}

  @Get()
  envelope(@CurrentCaller() caller: Caller, @Param('key') key: string): Promise<Page> {
    return this.#envelope(caller, key);
  }

  @Post()
  @Limited('by press')
  @SameOriginOnly()
  open(
    @CurrentCaller() caller: Caller,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const press = { caller, name: { form: 'open', key }, sent } as const;
    return this.presses.answer(press, {
      act: (mark) => this.#open(caller, key, sent.passphrase, mark),
      tell: (outcome) => this.#tell(caller, key, outcome),
    });
  }

  async #open(
    caller: Caller,
    key: string,
    passphrase: string | null,
    mark: PressMark | null,
  ): Promise<Page> {
    try {
      const { value } = await this.secrets.reveal(caller, key, passphrase, mark);
      return pageOf(RevealedPage({ value }), { headers: FORGET_HEADERS });
    } catch (error) {
      const alert = alertOf(error);
      if (alert === null) throw error;
      return this.#envelope(caller, key, alert);
    }
  }

  async #tell(caller: Caller, key: string, outcome: PressOutcome): Promise<Page> {
    if (outcome === 'opened') return openedElsewhere(key);
    if (outcome === 'begun') return stillInWork(`/secret/${key}`);
    // Refused, or burned by the last wrong passphrase: the page is gone then.
    return this.#envelope(caller, key, NOT_OPENED);
  }

  /**
   * The envelope if the secret exists, else the page for gone. After a failed attempt it discloses no more than another
   * GET would: whether the secret exists, and whether it has a passphrase.
   */
  async #envelope(caller: Caller, key: string, failed?: FormAlert): Promise<Page> {
    const secret = await this.secrets.peek(caller, key);
    if (secret === null) return pageOf(GonePage(), { status: 404 });
    const { hasPassphrase } = secret;
    const nonce = this.presses.nonceFor(caller, { form: 'open', key });
    const props = { linkKey: key, hasPassphrase, nonce };
    if (failed === undefined) return pageOf(EnvelopePage(props));
    return pageOf(EnvelopePage({ ...props, alert: failed.alert }), failed);
  }
}

/** What the envelope says when it is shown again; null for an error that the recipient cannot correct. */
function alertOf(error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'secret_gone') return NOT_OPENED;
  if (error.code === 'rate_limited') return tryAgainLater(error, TOO_MANY_TRIES);
  return error.code === 'busy' ? tryAgainLater(error, BUSY) : null;
}
