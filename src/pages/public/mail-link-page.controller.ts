import { Controller, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { MailedLinks } from '../../secrets/mailed-links.js';
import { AppError } from '../../shared/app-error.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { createdPath } from './created-path.js';
import { CreatedPages } from './created-pages.js';

/** The form on the page of a new link by which its owner has it mailed. */
@Controller('receipt/:key/mail')
@OfferedBy('serve')
@Limited('open')
@Scoped('create')
@UseInterceptors(PageInterceptor)
export class MailLinkPageController {
  constructor(
    private readonly links: MailedLinks,
    private readonly pages: CreatedPages,
  ) {}

  @Post()
  @SameOriginOnly()
  async mail(
    @CurrentVisit() visit: Visit,
    @Param('key') key: string,
    @Query('value') ticket: unknown,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller, frame } = visit;
    const to = sent.get('recipient')?.trim() ?? '';
    try {
      const wish = { to, language: frame.language };
      if (await this.links.send(caller, key, wish)) return seeOther(createdPath(key, ticket));
      return await this.pages.show(visit, key, { ticket, failed: 'created.notMailed', to });
    } catch (error) {
      const isAddress = error instanceof AppError && error.field === 'recipient';
      if (!isAddress) throw error;
      return this.pages.show(visit, key, { ticket, failed: 'created.addressWrong', to });
    }
  }
}
