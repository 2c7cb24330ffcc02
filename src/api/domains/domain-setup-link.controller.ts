import { Delete, Get, Param, Post } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { SetupLinks } from '../../domains/claims/setup-links.js';
import type { SetupLink, SetupLinkId } from '../../domains/setup-link.js';
import { Limited } from '../../limits/limited.decorator.js';
import { setupLinkUrl } from '../../setup/setup-link-url.js';
import { Acting } from '../account/acting.decorator.js';
import type {
  NewSetupLinkAnswer,
  RevokedSetupLinksAnswer,
  SetupLinkRecord,
  SetupLinksAnswer,
} from './setup-link-answers.js';
import { extidSchema, setupLinkIdSchema } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';

/** Links that show the set-up of a domain without sign-in. No idempotency keys: an answer has the link itself. */
@DomainRoutes({ isRepeatable: false })
export class DomainSetupLinkController {
  constructor(private readonly links: SetupLinks) {}

  @Post(':id/setup-link')
  @Limited('domain change')
  async create(
    @CurrentCaller() { tenant }: Caller,
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<NewSetupLinkAnswer> {
    const { link, token } = await this.links.create(id, extid, actor);
    return { user_id: id, record: { ...present(link), url: setupLinkUrl(tenant, token) } };
  }

  @Get(':id/setup-link')
  async list(
    @SignedIn() { id }: Account,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<SetupLinksAnswer> {
    const records = (await this.links.list(id, extid)).map(present);
    return { user_id: id, records, count: records.length };
  }

  @Delete(':id/setup-link')
  async revokeAll(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<RevokedSetupLinksAnswer> {
    return { user_id: id, record: { revoked: await this.links.revoke(id, extid, null, actor) } };
  }

  @Delete(':id/setup-link/:link')
  async revoke(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: extidSchema }) extid: string,
    @Param('link', { schema: setupLinkIdSchema }) linkId: SetupLinkId,
  ): Promise<RevokedSetupLinksAnswer> {
    return { user_id: id, record: { revoked: await this.links.revoke(id, extid, linkId, actor) } };
  }
}

function present({ id, createdAt, expiresAt }: SetupLink): SetupLinkRecord {
  return { id, created: createdAt.toISOString(), expires: expiresAt.toISOString() };
}
