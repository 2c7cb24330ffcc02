import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { Domain } from '../../domains/domain.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Acting } from '../account/acting.decorator.js';
import type { ApiConfigAnswer, HomepageConfigAnswer } from './domain-answers.js';
import { extidSchema, toggleSchema, type ToggleRequest } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';

/** What callers without an account may do on the domain. Both switches are off by default and after DELETE. */
@DomainRoutes()
export class DomainConfigController {
  constructor(private readonly domains: DomainsService) {}

  @Get(':id/homepage-config')
  async homepage(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<HomepageConfigAnswer> {
    return presentHomepage(account, await this.domains.get(account.id, extid));
  }

  @Put(':id/homepage-config')
  async putHomepage(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Body({ schema: toggleSchema }) { enabled }: ToggleRequest,
    @Acting() { actor }: Grantor,
  ): Promise<HomepageConfigAnswer> {
    return presentHomepage(
      account,
      await this.domains.configure(account.id, extid, { homepageEnabled: enabled }, actor),
    );
  }

  @Delete(':id/homepage-config')
  async deleteHomepage(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Acting() { actor }: Grantor,
  ): Promise<HomepageConfigAnswer> {
    return presentHomepage(
      account,
      await this.domains.configure(account.id, extid, { homepageEnabled: false }, actor),
    );
  }

  @Get(':id/api-config')
  async api(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<ApiConfigAnswer> {
    return presentApi(account, await this.domains.get(account.id, extid));
  }

  @Put(':id/api-config')
  async putApi(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Body({ schema: toggleSchema }) { enabled }: ToggleRequest,
    @Acting() { actor }: Grantor,
  ): Promise<ApiConfigAnswer> {
    return presentApi(
      account,
      await this.domains.configure(account.id, extid, { apiEnabled: enabled }, actor),
    );
  }

  @Delete(':id/api-config')
  async deleteApi(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Acting() { actor }: Grantor,
  ): Promise<ApiConfigAnswer> {
    return presentApi(
      account,
      await this.domains.configure(account.id, extid, { apiEnabled: false }, actor),
    );
  }
}

function presentHomepage(
  { id }: Account,
  { extid, homepageEnabled }: Domain,
): HomepageConfigAnswer {
  return {
    user_id: id,
    record: {
      domain_id: extid,
      enabled: homepageEnabled,
      secrets_mode: 'create',
      effective_enabled: homepageEnabled,
    },
  };
}

function presentApi({ id }: Account, { extid, apiEnabled }: Domain): ApiConfigAnswer {
  return { user_id: id, record: { domain_id: extid, enabled: apiEnabled } };
}
