import { Controller, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { GuestsBelow } from '../../auth/guests-below.decorator.js';
import { notAuthorized } from '../../auth/not-authorized.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { AppError } from '../../shared/app-error.js';
import { Clock } from '../../shared/clock.js';
import { jsonAnswer } from '../body/json-text.js';
import type { V2Burned, V2MemoAnswer, V2ReceiptAnswer } from './v2-answers.js';
import { V2Body } from './v2-body.decorator.js';
import { V2ReceiptAnswers } from './v2-receipt-answers.js';
import { V2RecentRecords } from './v2-recent-records.js';
import { burnSchema, memoSchema, type BurnRequest, type MemoRequest } from './v2-requests.js';

/** API v2: receipts and burning, by the metadata key. `private` is the older name. */
@Controller('api/v2')
@OfferedBy('serve')
@GuestsBelow('/api/v2/guest/')
@Limited('open')
@Scoped('read')
export class V2ReceiptsController {
  constructor(
    private readonly answers: V2ReceiptAnswers,
    private readonly receipts: ReceiptsService,
    private readonly clock: Clock,
  ) {}

  @Get(['receipt/recent', 'private/recent'])
  @AccountRequired()
  async recent(
    @CurrentCaller() { account, tenant }: Caller,
    @Query('scope') scope: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    if (account === null) throw notAuthorized();
    // Upstream's lists of an organisation or a domain show the receipts of other members.
    if (scope !== undefined && scope !== '')
      throw new AppError('plan_required', 'This list is in no plan');
    const records = new V2RecentRecords();
    await this.receipts.recent(account, tenant.domain, (receipt) => records.add(receipt));
    return jsonAnswer(reply, records.answerTo(account, this.clock.now()));
  }

  @Get(['receipt/:key', 'private/:key', 'guest/receipt/:key'])
  show(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() { method }: FastifyRequest,
  ): Promise<V2ReceiptAnswer> {
    return this.answers.show(caller, param, method);
  }

  @Patch(['receipt/:key', 'private/:key'])
  @Scoped('create')
  @AccountRequired()
  writeMemo(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V2Body(memoSchema) request: MemoRequest,
  ): Promise<V2MemoAnswer> {
    return this.answers.writeMemo(caller, param, request);
  }

  @Post(['receipt/:key/burn', 'private/:key/burn', 'guest/receipt/:key/burn'])
  @Scoped('create')
  @HttpCode(200)
  burn(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V2Body(burnSchema) request: BurnRequest,
  ): Promise<V2Burned> {
    return this.answers.burn(caller, param, request);
  }
}
