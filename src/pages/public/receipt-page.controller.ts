import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import type { PressMark, PressOutcome } from '../../secrets/press.store.js';
import type { Receipt } from '../../secrets/receipt.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import type { Texts } from '../messages/messages.js';
import { shownElsewhere, stillInWork } from './pressed.js';
import { Presses, type PressDoubt } from '../frame/presses.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { receiptNonces } from './receipt-nonces.js';
import { linkIn } from './secret-link.js';
import { GeneratedValuePage, ReceiptPage, type BurnAgain } from './views/receipt-page.js';

/** `/receipt/KEY`, and `/private/KEY` in older links: for the sender. Viewing it leaves the state `new` unchanged. */
@Controller()
@OfferedBy('serve')
@Limited('open')
@Scoped('read')
@UseInterceptors(PageInterceptor)
export class ReceiptPageController {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly presses: Presses,
  ) {}

  @Get(['receipt/:key', 'private/:key'])
  async show(@CurrentVisit() visit: Visit, @Param('key') key: string): Promise<Page> {
    return this.#receiptPage(visit, await this.#find(visit, key));
  }

  @Post('receipt/:key/burn')
  @Scoped('create')
  @Limited('by press')
  @SameOriginOnly()
  burn(
    @CurrentVisit() visit: Visit,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller } = visit;
    const press = { caller, name: { form: 'burn', key }, sent } as const;
    const doubt = this.presses.doubtOf(press);
    if (doubt !== null)
      return this.presses.refuse(press, async () => {
        const { texts } = visit.frame;
        const passphrase = sent.passphrase ?? undefined;
        const again = { isConfirmationShown: doubt === 'unconfirmed', passphrase };
        const receipt = await this.#find(visit, key);
        const failed = receipt.secretKey === null ? tooLate(texts) : doubted(texts, doubt);
        return this.#receiptPage(visit, receipt, failed, again);
      });
    const act = async (mark: PressMark | null): Promise<Page> => {
      const { receipt } = await this.receipts.burn(caller, key, sent.passphrase, mark);
      return this.#receiptPage(visit, receipt);
    };
    return this.presses.answer(press, {
      act: (mark) => this.#orReceipt(visit, key, () => act(mark)),
      tell: (outcome) => this.#tell(visit, key, outcome),
    });
  }

  @Post('receipt/:key/value')
  @Limited('by press')
  @SameOriginOnly()
  showGeneratedValue(
    @CurrentVisit() visit: Visit,
    @Param('key') key: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller, frame } = visit;
    const press = { caller, name: { form: 'value', key }, sent } as const;
    const act = async (mark: PressMark | null): Promise<Page> => {
      const value = await this.receipts.takeGeneratedValue(caller, key, mark);
      return pageOf(frame, GeneratedValuePage, { metadataKey: key, value });
    };
    return this.presses.answer(press, {
      act: (mark) => this.#orReceipt(visit, key, () => act(mark)),
      tell: (outcome) => this.#tell(visit, key, outcome),
    });
  }

  /** The page of `act`; the receipt with an alert when it fails in a way that the sender can understand. */
  async #orReceipt(visit: Visit, key: string, act: () => Promise<Page>): Promise<Page> {
    try {
      return await act();
    } catch (error) {
      const alert = alertOf(visit.frame.texts, error);
      if (alert === null) throw error;
      const receipt = await this.#find(visit, key);
      const isLastTry = isWrongPassphrase(error) && receipt.state === 'burned';
      const failed = isLastTry ? lastTry(visit.frame.texts) : alert;
      return this.#receiptPage(visit, receipt, failed, { isConfirmationShown: false });
    }
  }

  async #tell(visit: Visit, key: string, outcome: PressOutcome): Promise<Page> {
    if (outcome === 'shown') return shownElsewhere(visit.frame, key);
    if (outcome === 'begun') return stillInWork(visit.frame, `/receipt/${key}`);
    const receipt = await this.#find(visit, key);
    // A wrong passphrase may have burned it, if its sender chose so; the receipt says that it is deleted.
    if (outcome === 'burned') return this.#receiptPage(visit, receipt);
    const { texts } = visit.frame;
    const failed = receipt.secretKey === null ? tooLate(texts) : notIt(texts);
    return this.#receiptPage(visit, receipt, failed, { isConfirmationShown: false });
  }

  #find({ caller }: Visit, key: string): Promise<Receipt> {
    return this.receipts.show(caller, key, { markViewed: false });
  }

  #receiptPage(
    { caller, frame }: Visit,
    receipt: Receipt,
    failed?: FormAlert,
    burnAgain?: BurnAgain,
  ): Page {
    const link = linkIn(receipt, caller.tenant);
    const props = {
      receipt,
      link,
      nonces: receiptNonces(this.presses, caller, receipt.metadataKey),
    };
    if (failed === undefined) return pageOf(frame, ReceiptPage, props);
    return pageOf(frame, ReceiptPage, { ...props, alert: failed.alert, burnAgain }, failed);
  }
}

/** What the receipt says when it is shown again; null for an error that needs another page. */
function alertOf(texts: Texts, error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'wrong_passphrase') return notIt(texts);
  if (error.code === 'secret_gone') return tooLate(texts);
  if (error.code === 'rate_limited')
    return tryAgainLater(texts, error, texts('receipt.tooManyTries'));
  return error.code === 'busy' ? tryAgainLater(texts, error, texts('receipt.busy')) : null;
}

function isWrongPassphrase(error: unknown): boolean {
  return error instanceof AppError && error.code === 'wrong_passphrase';
}

function doubted(texts: Texts, doubt: PressDoubt): FormAlert {
  return { status: 400, headers: {}, alert: texts(`receipt.${doubt}`) };
}

function notIt(texts: Texts): FormAlert {
  return { status: 400, headers: {}, alert: texts('receipt.wrongPassphrase') };
}

function lastTry(texts: Texts): FormAlert {
  return { status: 400, headers: {}, alert: texts('receipt.lastTry') };
}

function tooLate(texts: Texts): FormAlert {
  return { status: 409, headers: {}, alert: texts('receipt.tooLate') };
}
