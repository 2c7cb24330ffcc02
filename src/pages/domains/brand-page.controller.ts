import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Branding } from '../../brand/branding.js';
import { storedSettings, type BrandSettings } from '../../brand/brand-settings.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { seeOther, type Page } from '../frame/page.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { readBrandForm, typedBrandOf, withTaken, type BrandForm } from './brand-form.js';
import { brandLookOf } from './brand-look.js';
import { actorOf } from './domain-caller.js';
import { ExtidPipe } from './extid.pipe.js';
import { livePage } from './live-page.js';
import { BrandPage } from './views/brand-page.js';
import { SAVED_PARAMETER, TAKE_FIELD } from './views/form-parts.js';

/** `/domains/ID/brand`: how the pages of a domain look and what they say, with a preview. */
@AccountPages('domains/:id/brand', 'domains')
export class BrandPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly branding: Branding,
  ) {}

  @Get()
  @Limited('account read')
  show(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @Query(SAVED_PARAMETER) saved?: unknown,
  ): Promise<Page> {
    return this.#page(visit, extid, { isSaved: saved !== undefined });
  }

  /** Stores nothing: the form as it was sent, with what it would look like. The script asks for it too. */
  @Post('preview')
  @HttpCode(200)
  @Limited('account read')
  @SameOriginOnly()
  async preview(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const taken = sent.get(TAKE_FIELD);
    const fields = taken === null ? sent : withTaken(sent, taken);
    return this.#page(visit, extid, {
      form: readBrandForm(fields, await this.#stored(visit, extid)),
    });
  }

  @Post()
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  async save(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller, frame } = visit;
    const form = readBrandForm(sent, await this.#stored(visit, extid));
    if (Object.keys(form.faults).length > 0)
      return this.#page(visit, extid, { form, refused: frame.texts('brand.refused') });
    try {
      await this.branding.change(accountOf(caller), extid, form.change, { actor: actorOf(caller) });
      return seeOther(`/domains/${extid}/brand?${SAVED_PARAMETER}=1`);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'plan_required') throw error;
      return this.#page(visit, extid, { form, refused: frame.texts('domains.plan.lapsed') });
    }
  }

  async #stored({ caller }: Visit, extid: string): Promise<BrandSettings> {
    const { look } = await this.domains.get(accountOf(caller).id, extid);
    return storedSettings(look);
  }

  async #page({ caller, frame }: Visit, extid: string, shown: Shown): Promise<Page> {
    const { hostname, displayName, look } = await this.domains.get(accountOf(caller).id, extid);
    const { form, refused, isSaved = false } = shown;
    const path = `/domains/${extid}`;
    const stored = storedSettings(look);
    const settings = form?.shown ?? stored;
    const props = {
      name: displayName,
      path,
      typed: form?.typed ?? typedBrandOf(stored),
      faults: form?.faults ?? {},
      look: brandLookOf(hostname, settings, look.images, path),
      alert: refused,
      isSaved,
    };
    return livePage(frame, BrandPage, props, { status: refused === undefined ? 200 : 400 });
  }
}

interface Shown {
  /** What was typed, when the form is shown again. */
  readonly form?: BrandForm;
  /** Why it was not stored. */
  readonly refused?: string;
  readonly isSaved?: boolean;
}
