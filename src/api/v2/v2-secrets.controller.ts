import { Controller, Get, HttpCode, Options, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { GuestsBelow } from '../../auth/guests-below.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { OpenToOtherSites, PREFLIGHT_HEADERS } from '../cors.js';
import type {
  V2Created,
  V2SecretAnswer,
  V2SecretStatus,
  V2SecretStatusList,
} from './v2-answers.js';
import { V2Body } from './v2-body.decorator.js';
import {
  concealSchema,
  generateSchema,
  revealSchema,
  statusListSchema,
  type ConcealRequest,
  type GenerateRequest,
  type RevealRequest,
  type StatusListRequest,
} from './v2-requests.js';
import { V2SecretAnswers } from './v2-secret-answers.js';

/** API v2: creates, shows and reveals secrets, with an account or without. */
@Controller('api/v2')
@OfferedBy('serve')
@GuestsBelow('/api/v2/guest/')
@Limited('open')
@Scoped('read')
export class V2SecretsController {
  constructor(private readonly answers: V2SecretAnswers) {}

  @Post(['secret/conceal', 'guest/secret/conceal'])
  @Scoped('create')
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('create')
  conceal(
    @CurrentCaller() caller: Caller,
    @V2Body(concealSchema) request: ConcealRequest,
  ): Promise<V2Created> {
    return this.answers.conceal(caller, request);
  }

  @Post(['secret/generate', 'guest/secret/generate'])
  @Scoped('create')
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('create')
  generate(
    @CurrentCaller() caller: Caller,
    @V2Body(generateSchema) request: GenerateRequest,
  ): Promise<V2Created> {
    return this.answers.generate(caller, request);
  }

  @Post('secret/status')
  @HttpCode(200)
  @OpenToOtherSites()
  statusOfMany(
    @CurrentCaller() caller: Caller,
    @V2Body(statusListSchema) { identifiers }: StatusListRequest,
  ): Promise<V2SecretStatusList> {
    return this.answers.statusOfMany(caller, identifiers);
  }

  @Get(['secret/:key', 'guest/secret/:key'])
  @OpenToOtherSites()
  show(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() { method }: FastifyRequest,
  ): Promise<V2SecretAnswer> {
    return this.answers.show(caller, param, method);
  }

  @Get('secret/:key/status')
  @OpenToOtherSites()
  status(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() { method }: FastifyRequest,
  ): Promise<V2SecretStatus> {
    return this.answers.status(caller, param, method);
  }

  @Post(['secret/:key/reveal', 'guest/secret/:key/reveal'])
  @HttpCode(200)
  @OpenToOtherSites()
  reveal(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V2Body(revealSchema) request: RevealRequest,
  ): Promise<V2SecretAnswer> {
    return this.answers.reveal(caller, param, request);
  }

  @Options([
    'secret/conceal',
    'secret/generate',
    'secret/status',
    'secret/:key',
    'secret/:key/status',
    'secret/:key/reveal',
    'guest/secret/conceal',
    'guest/secret/generate',
    'guest/secret/:key',
    'guest/secret/:key/reveal',
  ])
  @Limited('exempt')
  @Scoped('any')
  preflight(@Res() reply: FastifyReply): void {
    void reply.status(204).headers(PREFLIGHT_HEADERS).send();
  }
}
