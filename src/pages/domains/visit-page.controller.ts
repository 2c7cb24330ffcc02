import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { setupViewOf } from '../../setup/setup-view.js';
import { SetupVisits } from '../../setup/setup-visits.js';
import type { PageFrame } from '../frame/frame.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { livePage } from './live-page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { isTooSoon, tooSoonAnswer } from './check-refusal.js';
import { VisitGonePage, VisitPage } from './views/setup-page.js';

/** The address has the token: not even our own next request has it in its Referer, but the origin is sent with forms. */
const HEADERS = { 'referrer-policy': 'strict-origin' } as const;

/** `/setup/TOKEN`: the set-up of one claim for whoever has the link, without sign-in. */
@Controller('setup/:token')
@RegionHostOnly()
@Scoped('any')
@Limited('open')
@UseInterceptors(PageInterceptor)
export class VisitPageController {
  constructor(private readonly visits: SetupVisits) {}

  @Get()
  show(@CurrentVisit() { frame }: Visit, @Param('token') token: string): Promise<Page> {
    return this.#page(frame, token);
  }

  @Post('check')
  @SameOriginOnly()
  async check(
    @CurrentVisit() { frame }: Visit,
    @Param('token') token: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    try {
      if (!(await this.visits.check(token, sent.sink))) return gone(frame);
      const answer = seeOther(`/setup/${token}`);
      return { ...answer, headers: { ...answer.headers, ...HEADERS } };
    } catch (error) {
      if (!isTooSoon(error)) throw error;
      return this.#page(frame, token, tooSoonAnswer(frame.texts, error));
    }
  }

  async #page(
    frame: PageFrame,
    token: string,
    refused?: ReturnType<typeof tooSoonAnswer>,
  ): Promise<Page> {
    const visit = await this.visits.open(token);
    if (visit === null) return gone(frame);
    const props = {
      view: setupViewOf(visit.view, await this.visits.events(visit.link)),
      path: `/setup/${token}`,
      expiresAt: visit.link.expiresAt,
      alert: refused?.alert,
    };
    const headers = { ...refused?.headers, ...HEADERS };
    return livePage(frame, VisitPage, props, {
      status: refused?.status ?? 200,
      headers,
    });
  }
}

function gone(frame: PageFrame): Page {
  return livePage(frame, VisitGonePage, {}, { status: 404, headers: HEADERS });
}
