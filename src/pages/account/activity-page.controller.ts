import { Get, Query } from '@nestjs/common';
import { ActivityStore } from '../../accounts/activity/activity.store.js';
import { Limited } from '../../limits/limited.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { ActivityPage } from './views/activity-page.js';

const PER_PAGE = 25;

/** `/account/activity`: what was done to the account, and by whom. */
@AccountPages('account/activity', 'read')
export class ActivityPageController {
  constructor(private readonly activity: ActivityStore) {}

  @Get()
  @Limited('account read')
  async list(
    @CurrentVisit() { caller, frame }: Visit,
    @Query('cursor') asked?: unknown,
  ): Promise<Page> {
    const cursor = typeof asked === 'string' ? asked : null;
    const { id } = accountOf(caller);
    const { entries, nextCursor } = await this.activity.page(id, { limit: PER_PAGE, cursor });
    return pageOf(frame, ActivityPage, { entries, nextCursor, isFirst: cursor === null });
  }
}
