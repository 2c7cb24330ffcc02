import { Get, Post } from '@nestjs/common';
import { DomainTransfers } from '../../domains/moves/domain-transfers.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { hasText } from '../messages/messages.js';
import { actorOf } from './domain-caller.js';
import { livePage } from './live-page.js';
import { ReceivePage } from './views/transfer-pages.js';

/** `/domains/code`: takes a domain that another account gives away. */
@AccountPages('domains/code', 'domains')
export class ReceivePageController {
  constructor(private readonly transfers: DomainTransfers) {}

  @Get()
  show(@CurrentVisit() { frame }: Visit): Page {
    return livePage(frame, ReceivePage, {});
  }

  @Post()
  @Limited('transfer code')
  @SameOriginOnly()
  async receive(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const { caller } = visit;
    try {
      const code = sent.get('code') ?? '';
      const extid = await this.transfers.accept(accountOf(caller), code, actorOf(caller));
      return seeOther(`/domains/${extid}`);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'plan_required') return seeOther('/domains');
      return refusalPage(visit, error);
    }
  }
}

/** A refusal that the person can do something about shows the form again. */
function refusalPage({ frame }: Visit, error: AppError): Page {
  const key = `receive.refused.${error.reason ?? ''}`;
  if (!hasText(key)) throw error;
  return livePage(
    frame,
    ReceivePage,
    { alert: frame.texts(key) },
    { status: error.code === 'unavailable' ? 503 : 400 },
  );
}
