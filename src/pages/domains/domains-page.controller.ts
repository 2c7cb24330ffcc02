import { Get, HttpCode, Post, Query } from '@nestjs/common';
import { PLANS } from '../../accounts/plans.js';
import { CellConfig } from '../../config/cell-config.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { DomainViews } from '../../setup/domain-views.js';
import { setupStateOf } from '../../setup/setup-state.js';
import { AppError } from '../../shared/app-error.js';
import type { PageFrame } from '../frame/frame.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { livePage } from './live-page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { hasText } from '../messages/messages.js';
import type { Texts } from '../messages/messages.js';
import { accountOf } from '../frame/account-of.js';
import { actorOf } from './domain-caller.js';
import { lookLinesOf } from './domain-look.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { planOffer } from '../frame/plan-offer.js';
import { AddPage, DomainsPage, type LookLines } from './views/domains-page.js';

const PER_PAGE = 50;
const NAME_LENGTH_MAX = 1024;

/** The domains of an account, and adding one: type the name, see what is there, add it. */
@AccountPages('domains', 'domains')
export class DomainsPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly views: DomainViews,
    private readonly config: CellConfig,
  ) {}

  @Get()
  @Limited('account read')
  async list(
    @CurrentVisit() { caller, frame }: Visit,
    @Query('cursor') cursor?: unknown,
  ): Promise<Page> {
    const account = accountOf(caller);
    const request = {
      state: null,
      limit: PER_PAGE,
      cursor: typeof cursor === 'string' ? cursor : null,
    };
    const { domains, count, nextCursor } = await this.domains.list(account.id, request);
    const views = await this.views.ofMany(domains, account);
    const { domainsMax } = PLANS[account.plan];
    return livePage(frame, DomainsPage, {
      domains: views.map((view) => ({
        id: view.domain.extid,
        name: view.domain.displayName,
        state: setupStateOf(view),
      })),
      count,
      max: domainsMax,
      nextCursor,
      offer: domainsMax > 0 ? null : planOffer(this.config.upgradeUrl),
    });
  }

  @Get('add')
  add(@CurrentVisit() { caller, frame }: Visit): Page {
    const account = accountOf(caller);
    // The list says what the plan is.
    if (PLANS[account.plan].domainsMax === 0) return seeOther('/domains');
    return livePage(frame, AddPage, { typed: '', look: null });
  }

  @Post('look')
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  look(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const typed = typedName(sent);
    return this.#orAgain(visit, typed, async () => {
      const found = await this.domains.dryRun(accountOf(visit.caller), typed);
      return this.#addPage(visit.frame, { typed: '', look: lookLinesOf(found) });
    });
  }

  @Post()
  @Limited('domain change')
  @SameOriginOnly()
  claim(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const typed = typedName(sent);
    const { caller } = visit;
    return this.#orAgain(visit, typed, async () => {
      const isPair = sent.get('pair') !== null;
      const { extid } = await this.domains.claim(accountOf(caller), typed, actorOf(caller), {
        isPair,
      });
      return seeOther(`/domains/${extid}`);
    });
  }

  #addPage(
    frame: PageFrame,
    shown: { readonly typed: string; readonly look: LookLines | null; readonly alert?: string },
    answer: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Page {
    return livePage(frame, AddPage, shown, answer);
  }

  /** A refusal that the person can do something about shows the form again, as it was typed. */
  async #orAgain(visit: Visit, typed: string, act: () => Promise<Page>): Promise<Page> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'plan_required') return seeOther('/domains');
      const alert = refusalText(visit.frame.texts, error);
      if (alert === null) throw error;
      const isLimit = error.code !== 'invalid_request';
      const seconds = String(error.retryAfterSeconds ?? 1);
      const headers: Readonly<Record<string, string>> = isLimit ? { 'retry-after': seconds } : {};
      const status = error.code === 'busy' ? 503 : isLimit ? 429 : 400;
      return this.#addPage(visit.frame, { typed, look: null, alert }, { status, headers });
    }
  }
}

function typedName(sent: SentForm): string {
  return (sent.get('domain') ?? '').slice(0, NAME_LENGTH_MAX);
}

function refusalText(texts: Texts, { code, reason }: AppError): string | null {
  if (code === 'rate_limited' || code === 'busy') return texts('add.refused.limit');
  if (code !== 'invalid_request') return null;
  const key = `add.refused.${reason ?? 'DOMAIN_INVALID'}`;
  return texts(hasText(key) ? key : 'add.refused.DOMAIN_INVALID');
}
