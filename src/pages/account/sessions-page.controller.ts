import { Get, Param, Post } from '@nestjs/common';
import type { SessionId } from '../../accounts/sessions/session.js';
import { Sessions } from '../../accounts/sessions/sessions.service.js';
import { actingOf } from '../../auth/acting.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { isUuid } from '../../shared/uuid.js';
import { accountOf } from '../frame/account-of.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { SessionsPage } from './views/sessions-page.js';

/** `/account/sessions`: the browsers that are signed in. */
@AccountPages('account/sessions', 'account')
export class SessionsPageController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @Limited('account read')
  async list(@CurrentVisit() { caller, frame }: Visit): Promise<Page> {
    const sessions = await this.sessions.list(accountOf(caller).id);
    return pageOf(frame, SessionsPage, { sessions, current: caller.session?.id ?? null });
  }

  @Post('end-others')
  @Limited('account change')
  @SameOriginOnly()
  async endOthers(@CurrentVisit() { caller }: Visit): Promise<Page> {
    const { actor } = actingOf(caller);
    await this.sessions.revokeOthers(accountOf(caller).id, caller.session?.id ?? null, actor);
    return seeOther('/account/sessions');
  }

  @Post(':id/end')
  @Limited('account change')
  @SameOriginOnly()
  async end(@CurrentVisit() { caller }: Visit, @Param('id') id: string): Promise<Page> {
    if (!isUuid(id)) throw new AppError('not_found', 'Session not found');
    await this.sessions.revoke(accountOf(caller).id, id as SessionId, actingOf(caller).actor);
    return seeOther('/account/sessions');
  }
}
