import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import type { Page } from '../frame/page.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { CreatedPages } from './created-pages.js';

/** `/receipt/KEY/created`: the link, after the form was sent. Any process shows it, and a reload creates nothing. */
@Controller('receipt/:key/created')
@OfferedBy('serve')
@Scoped('create')
@UseInterceptors(PageInterceptor)
export class CreatedPageController {
  constructor(private readonly pages: CreatedPages) {}

  @Get()
  show(
    @CurrentVisit() visit: Visit,
    @Param('key') key: string,
    @Query('value') ticket: unknown,
  ): Promise<Page> {
    return this.pages.show(visit, key, { ticket });
  }
}
