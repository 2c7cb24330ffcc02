import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { notAuthorized } from '../../auth/not-authorized.js';
import { OfferedBy } from '../../auth/offered-by.decorator.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { jsonAnswer, JsonRecords } from '../body/json-text.js';
import type { WireParameters } from '../body/wire-parameters.js';
import { readLinkKey } from '../../secrets/link-key.js';
import { readPassphrase, V1Parameters } from './v1-parameters.js';
import type { BurnedBody, FetchedBody } from './v1-answers.js';
import { presentBurned, presentFetched, presentRecent } from './v1-presenter.js';

/** API v1: receipts, and burning, by the metadata key. Upstream has had three names for the path. */
@Controller(['api/v1/private', 'api/v1/metadata', 'api/v1/receipt'])
@OfferedBy('serve')
@Limited('open')
@Scoped('read')
export class V1ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  // Clients send GET or POST.
  @Get('recent')
  @AccountRequired()
  recent(
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.#recent(caller, reply);
  }

  @Post('recent')
  @HttpCode(200)
  @AccountRequired()
  recentByPost(
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.#recent(caller, reply);
  }

  @Get(':key')
  show(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @Req() request: FastifyRequest,
  ): Promise<FetchedBody> {
    // Fastify calls the handler of GET for HEAD, which must not mark the receipt as viewed.
    return this.#show(caller, param, request.method === 'GET');
  }

  @Post(':key')
  @HttpCode(200)
  showByPost(@CurrentCaller() caller: Caller, @Param('key') param: string): Promise<FetchedBody> {
    return this.#show(caller, param, true);
  }

  @Post(':key/burn')
  @HttpCode(200)
  @Scoped('create')
  async burn(
    @CurrentCaller() caller: Caller,
    @Param('key') param: string,
    @V1Parameters() parameters: WireParameters,
  ): Promise<BurnedBody> {
    const passphrase = readPassphrase(parameters);
    const burned = await this.receipts.burn(caller, readLinkKey(param), passphrase);
    return presentBurned(burned, caller);
  }

  async #show(caller: Caller, param: string, markViewed: boolean): Promise<FetchedBody> {
    const receipt = await this.receipts.show(caller, readLinkKey(param), { markViewed });
    return presentFetched(receipt, caller);
  }

  /** The text of a RecentBody. */
  async #recent({ account, tenant }: Caller, reply: FastifyReply): Promise<Buffer> {
    if (account === null) throw notAuthorized();
    const asker = { account, tenant };
    const records = new JsonRecords();
    await this.receipts.recent(account, tenant.domain, (receipt) =>
      records.add(JSON.stringify(presentRecent(receipt, asker))),
    );
    return jsonAnswer(reply, ['[', records.parts, ']']);
  }
}
