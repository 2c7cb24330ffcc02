import { Get, Param, Post, Query } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { OwnReceipts } from '../../secrets/own-receipts.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import type { Texts } from '../messages/messages.js';
import { SecretPage } from './views/secret-page.js';
import { SecretsPage } from './views/secrets-page.js';

const PER_PAGE = 25;

/** `/account/secrets`: what became of the account's secrets. Their ids there open nothing. */
@AccountPages('account/secrets', 'read')
export class SecretsPageController {
  constructor(private readonly receipts: OwnReceipts) {}

  @Get()
  @Limited('account read')
  async list(
    @CurrentVisit() { caller, frame }: Visit,
    @Query('cursor') asked?: unknown,
  ): Promise<Page> {
    const cursor = typeof asked === 'string' ? asked : null;
    const page = await this.receipts.page(accountOf(caller), PER_PAGE, cursor);
    return pageOf(frame, SecretsPage, { ...page, isFirst: cursor === null });
  }

  @Get(':id')
  @Limited('account read')
  show(@CurrentVisit() visit: Visit, @Param('id') id: string): Promise<Page> {
    return this.#show(visit, id);
  }

  /** Deletes it. Afterwards its page says what became of it, also when somebody was faster. */
  @Post(':id')
  @Scoped('create')
  @Limited('open')
  @SameOriginOnly()
  async burn(
    @CurrentVisit() visit: Visit,
    @Param('id') id: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    try {
      await this.receipts.burn(visit.caller, id, sent.passphrase);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const failed = refusalOf(visit.frame.texts, error);
      if (failed !== null) return this.#show(visit, id, failed);
      if (error.code !== 'secret_gone') throw error;
    }
    return seeOther(`/account/secrets/${id}`);
  }

  @Post(':id/note')
  @Scoped('create')
  @Limited('account change')
  @SameOriginOnly()
  async note(
    @CurrentVisit() { caller }: Visit,
    @Param('id') id: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    await this.receipts.writeMemo(caller, id, sent.get('note') ?? '');
    return seeOther(`/account/secrets/${id}`);
  }

  async #show({ caller, frame }: Visit, id: string, failed?: FormAlert): Promise<Page> {
    const receipt = await this.receipts.get(accountOf(caller), id);
    // A wrong passphrase may have burned it, if its sender chose so.
    const isLastTry = failed?.status === 400 && receipt.state === 'burned';
    const alert = isLastTry ? frame.texts('receipt.lastTry') : failed?.alert;
    return pageOf(frame, SecretPage, { receipt, alert }, failed);
  }
}

/** Why it was not deleted; null: its page says it, or another one. */
function refusalOf(texts: Texts, error: AppError): FormAlert | null {
  if (error.code === 'wrong_passphrase')
    return { status: 400, headers: {}, alert: texts('receipt.wrongPassphrase') };
  if (error.code === 'rate_limited')
    return tryAgainLater(texts, error, texts('receipt.tooManyTries'));
  return error.code === 'busy' ? tryAgainLater(texts, error, texts('receipt.busy')) : null;
}
