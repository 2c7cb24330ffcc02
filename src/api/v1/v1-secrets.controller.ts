import { Controller, Get, HttpCode, Options, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { generateValue } from '../../secrets/generated-value.js';
import { SecretsService } from '../../secrets/secrets.service.js';
import type { WireParameters } from '../body/wire-parameters.js';
import { readLinkKey } from '../../secrets/link-key.js';
import { OpenToOtherSites, PREFLIGHT_HEADERS } from '../cors.js';
import {
  readConcealSecret,
  readGeneratedValueOptions,
  readPassphrase,
  readSecretValue,
  V1Parameters,
} from './v1-parameters.js';
import type { GeneratedBody, RevealedBody, SharedBody, StatusBody } from './v1-answers.js';
import { presentGenerated, presentRevealed, presentShared, STATUS_BODY } from './v1-presenter.js';

/** API v1: creates and reveals secrets. */
@Controller('api/v1')
@OfferedBy('serve')
export class V1SecretsController {
  constructor(private readonly secrets: SecretsService) {}

  /** A request without credentials is answered before Nest, by status-route.ts. */
  @Get('status')
  @OfferedBy('every')
  @OpenToOtherSites()
  @Limited('exempt')
  @Scoped('any')
  status(): StatusBody {
    return STATUS_BODY;
  }

  @Get('authcheck')
  @OfferedBy('every')
  @AccountRequired()
  @Scoped('any')
  authcheck(): StatusBody {
    return STATUS_BODY;
  }

  @Post(['share', 'create'])
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('create')
  @Scoped('create')
  async share(
    @CurrentCaller() caller: Caller,
    @V1Parameters() parameters: WireParameters,
  ): Promise<SharedBody> {
    const value = readSecretValue(parameters);
    const command = readConcealSecret(parameters, { kind: 'share', value });
    return presentShared(await this.secrets.conceal(caller, command), caller);
  }

  @Post('generate')
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('create')
  @Scoped('create')
  async generate(
    @CurrentCaller() caller: Caller,
    @V1Parameters() parameters: WireParameters,
  ): Promise<GeneratedBody> {
    const value = generateValue(readGeneratedValueOptions(parameters));
    const command = readConcealSecret(parameters, { kind: 'generate', value });
    return presentGenerated(await this.secrets.conceal(caller, command), value, caller);
  }

  @Post('secret/:key')
  @HttpCode(200)
  @OpenToOtherSites()
  @Limited('open')
  @Scoped('read')
  async reveal(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V1Parameters() parameters: WireParameters,
  ): Promise<RevealedBody> {
    const key = readLinkKey(param);
    const secret = await this.secrets.reveal(caller, key, readPassphrase(parameters));
    return presentRevealed(secret, key, caller);
  }

  @Options(['status', 'share', 'create', 'generate', 'secret/:key'])
  @Scoped('any')
  preflight(@Res() reply: FastifyReply): void {
    void reply.status(204).headers(PREFLIGHT_HEADERS).send();
  }
}
