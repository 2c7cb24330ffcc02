import { Controller, Get, HttpCode, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { GuestRoute } from '../../auth/guest-route.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { OpenToOtherSites, PREFLIGHT_HEADERS } from '../cors.js';
import type { V2Burned, V2Created, V2ReceiptAnswer, V2SecretAnswer } from './v2-answers.js';
import { V2Body } from './v2-body.decorator.js';
import { V2ReceiptAnswers } from './v2-receipt-answers.js';
import {
  burnSchema,
  concealSchema,
  generateSchema,
  revealSchema,
  type BurnRequest,
  type ConcealRequest,
  type GenerateRequest,
  type RevealRequest,
} from './v2-requests.js';
import { V2SecretAnswers } from './v2-secret-answers.js';

/** API v2: the twins of its routes for guests. The caller is anonymous, with credentials too. */
@Controller('api/v2/guest')
@GuestRoute()
@Scoped('any')
@Limited('open')
export class V2GuestController {
  constructor(
    private readonly secrets: V2SecretAnswers,
    private readonly receipts: V2ReceiptAnswers,
  ) {}

  @Post('secret/conceal')
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('create')
  conceal(
    @CurrentCaller() caller: Caller,
    @V2Body(concealSchema) request: ConcealRequest,
  ): Promise<V2Created> {
    return this.secrets.conceal(caller, request);
  }

  @Post('secret/generate')
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('create')
  generate(
    @CurrentCaller() caller: Caller,
    @V2Body(generateSchema) request: GenerateRequest,
  ): Promise<V2Created> {
    return this.secrets.generate(caller, request);
  }

  @Get('secret/:key')
  @OpenToOtherSites()
  show(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() { method }: FastifyRequest,
  ): Promise<V2SecretAnswer> {
    return this.secrets.show(caller, param, method);
  }

  @Post('secret/:key/reveal')
  @HttpCode(200)
  @OpenToOtherSites()
  reveal(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V2Body(revealSchema) request: RevealRequest,
  ): Promise<V2SecretAnswer> {
    return this.secrets.reveal(caller, param, request);
  }

  @Get('receipt/:key')
  showReceipt(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() { method }: FastifyRequest,
  ): Promise<V2ReceiptAnswer> {
    return this.receipts.show(caller, param, method);
  }

  @Post('receipt/:key/burn')
  @HttpCode(200)
  burn(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V2Body(burnSchema) request: BurnRequest,
  ): Promise<V2Burned> {
    return this.receipts.burn(caller, param, request);
  }

  @Options(['secret/conceal', 'secret/generate', 'secret/:key', 'secret/:key/reveal'])
  @Limited('exempt')
  preflight(@Res() reply: FastifyReply): void {
    void reply.status(204).headers(PREFLIGHT_HEADERS).send();
  }
}
