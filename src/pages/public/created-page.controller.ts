import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { GeneratedValues } from './generated-values.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { Presses } from '../frame/presses.js';
import { receiptNonces } from './receipt-nonces.js';
import { linkIn } from './secret-link.js';
import { CreatedPage } from './views/created-page.js';

/** `/receipt/KEY/created`: the link, after the form was sent. Any process shows it, and a reload creates nothing. */
@Controller('receipt/:key/created')
@Scoped('create')
@UseInterceptors(PageInterceptor)
export class CreatedPageController {
  constructor(
    private readonly receipts: ReceiptsService,
    private readonly presses: Presses,
    private readonly generated: GeneratedValues,
  ) {}

  @Get()
  async show(
    @CurrentVisit() { caller, frame }: Visit,
    @Param('key') key: string,
    @Query('value') ticket: unknown,
  ): Promise<Page> {
    const receipt = await this.receipts.show(caller, key, { markViewed: false });
    const link = linkIn(receipt, caller.tenant);
    if (link === null) return seeOther(`/receipt/${key}`);
    const generatedValue = typeof ticket === 'string' ? this.generated.recall(key, ticket) : null;
    const nonces = receiptNonces(this.presses, caller, key);
    return pageOf(frame, CreatedPage, { receipt, link, generatedValue, nonces });
  }
}
