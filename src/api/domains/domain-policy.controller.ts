import { Body, Get, Param, Put } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { Domain } from '../../domains/domain.js';
import { describePolicy } from '../../domains/domain-policy.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Acting } from '../account/acting.decorator.js';
import {
  policySchema,
  switchesOf,
  type PolicyAnswer,
  type PolicyRequest,
} from './domain-policy-requests.js';
import { extidSchema } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';

/** What the owner demands of every secret of the domain, and who may create without an account. */
@DomainRoutes()
export class DomainPolicyController {
  constructor(private readonly domains: DomainsService) {}

  @Get(':id/policy')
  async policy(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<PolicyAnswer> {
    return present(account, await this.domains.get(account.id, extid));
  }

  @Put(':id/policy')
  async putPolicy(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Body({ schema: policySchema }) request: PolicyRequest,
    @Acting() { actor }: Grantor,
  ): Promise<PolicyAnswer> {
    const domain = await this.domains.configure(account.id, extid, switchesOf(request), actor);
    return present(account, domain);
  }
}

function present({ id }: Account, domain: Domain): PolicyAnswer {
  const { extid, homepageEnabled, apiEnabled, policy } = domain;
  return {
    user_id: id,
    record: {
      domain_id: extid,
      ...describePolicy(policy),
      homepage_enabled: homepageEnabled,
      api_enabled: apiEnabled,
    },
  };
}
