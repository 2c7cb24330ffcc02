import { Delete, Get, Param, Put } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Domain } from '../../domains/domain.js';
import { DomainsService } from '../../domains/domains.service.js';
import { JsonBody } from '../body/json-body.js';
import type { WireRecord } from './domain-presenter.js';
import { requireExtid, toggleSchema, type ToggleRequest } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';

/** What people without an account may do on the domain: both off at first, and off again when deleted. */
@DomainRoutes()
export class DomainConfigController {
  constructor(private readonly domains: DomainsService) {}

  @Get(':id/homepage-config')
  async homepage(@SignedIn() account: Account, @Param('id') param: string): Promise<WireRecord> {
    return presentHomepage(account, await this.#get(account, param));
  }

  @Put(':id/homepage-config')
  async putHomepage(
    @SignedIn() account: Account,
    @Param('id') param: string,
    @JsonBody(toggleSchema) { enabled }: ToggleRequest,
  ): Promise<WireRecord> {
    return presentHomepage(account, await this.#set(account, param, { homepageEnabled: enabled }));
  }

  @Delete(':id/homepage-config')
  async deleteHomepage(
    @SignedIn() account: Account,
    @Param('id') param: string,
  ): Promise<WireRecord> {
    return presentHomepage(account, await this.#set(account, param, { homepageEnabled: false }));
  }

  @Get(':id/api-config')
  async api(@SignedIn() account: Account, @Param('id') param: string): Promise<WireRecord> {
    return presentApi(account, await this.#get(account, param));
  }

  @Put(':id/api-config')
  async putApi(
    @SignedIn() account: Account,
    @Param('id') param: string,
    @JsonBody(toggleSchema) { enabled }: ToggleRequest,
  ): Promise<WireRecord> {
    return presentApi(account, await this.#set(account, param, { apiEnabled: enabled }));
  }

  @Delete(':id/api-config')
  async deleteApi(@SignedIn() account: Account, @Param('id') param: string): Promise<WireRecord> {
    return presentApi(account, await this.#set(account, param, { apiEnabled: false }));
  }

  #get({ id }: Account, param: string): Promise<Domain> {
    return this.domains.get(id, requireExtid(param));
  }

  #set({ id }: Account, param: string, toggles: Toggles): Promise<Domain> {
    return this.domains.configure(id, requireExtid(param), toggles);
  }
}

type Toggles = Parameters<DomainsService['configure']>[2];

function presentHomepage({ id }: Account, { extid, homepageEnabled }: Domain): WireRecord {
  const record = { domain_id: extid, enabled: homepageEnabled, secrets_mode: 'create' };
  return { user_id: id, record: { ...record, effective_enabled: homepageEnabled } };
}

function presentApi({ id }: Account, { extid, apiEnabled }: Domain): WireRecord {
  return { user_id: id, record: { domain_id: extid, enabled: apiEnabled } };
}
