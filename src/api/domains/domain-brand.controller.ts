import { Body, Get, Param, Put } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { Branding } from '../../brand/branding.js';
import { NO_POLICY } from '../../domains/domain-policy.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Acting } from '../account/acting.decorator.js';
import {
  brandSchema,
  presentBrand,
  refuseImages,
  type BrandAnswer,
  type BrandRequest,
} from './domain-brand-requests.js';
import { extidSchema } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';

/** How the domain looks, and what it says. */
@DomainRoutes()
export class DomainBrandController {
  constructor(
    private readonly domains: DomainsService,
    private readonly branding: Branding,
  ) {}

  @Get(':id/brand')
  async brand(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<BrandAnswer> {
    const domain = await this.domains.get(account.id, extid);
    return { user_id: account.id, record: presentBrand(domain) };
  }

  @Put(':id/brand')
  async putBrand(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Body({ schema: brandSchema }) request: BrandRequest,
    @Acting() { actor }: Grantor,
  ): Promise<BrandAnswer> {
    refuseImages(request, await this.domains.get(account.id, extid));
    const { default_ttl, passphrase_required, ...change } = request.brand;
    const policy = {
      ...(default_ttl !== undefined && { ttlSecondsDefault: default_ttl }),
      ...(passphrase_required !== undefined && {
        isPassphraseRequired: passphrase_required ?? NO_POLICY.isPassphraseRequired,
      }),
    };
    const domain = await this.branding.change(account, extid, change, { policy, actor });
    return { user_id: account.id, record: presentBrand(domain) };
  }
}
