import { Body, Delete, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { CertificatesService } from '../../certificates/certificates.service.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Acting } from '../account/acting.decorator.js';
import type { RemovalAnswer } from './domain-answers.js';
import { extidSchema, revokeSchema, type RevokeRequest } from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { toSnakeCase } from './snake-case.js';
import { SignedIn } from './signed-in.decorator.js';

/** Removes a domain and its certificate. `revoke`, in the query or in the body, also asks the CA to revoke it. */
@DomainRoutes()
export class DomainRemovalController {
  constructor(
    private readonly domains: DomainsService,
    private readonly certificates: CertificatesService,
  ) {}

  @Delete(':id')
  remove(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Query({ schema: revokeSchema }) query: RevokeRequest,
    @Body({ schema: revokeSchema }) body: RevokeRequest,
    @Acting() acting: Grantor,
  ): Promise<RemovalAnswer> {
    return this.#remove(account, extid, query.revoke || body.revoke, acting);
  }

  @Post(':id/remove')
  @HttpCode(200)
  removeByPost(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Query({ schema: revokeSchema }) query: RevokeRequest,
    @Body({ schema: revokeSchema }) body: RevokeRequest,
    @Acting() acting: Grantor,
  ): Promise<RemovalAnswer> {
    return this.#remove(account, extid, query.revoke || body.revoke, acting);
  }

  async #remove(
    { id }: Account,
    extid: string,
    revoke: boolean,
    { actor }: Grantor,
  ): Promise<RemovalAnswer> {
    const { hostname } = await this.domains.get(id, extid);
    const removed = await this.domains.remove(id, extid, actor);
    await this.certificates.removeOf(removed, { revoke });
    return {
      user_id: id,
      record: {},
      message: `Removed ${hostname}`,
      records_to_remove: removed.flatMap((domain) =>
        this.domains.recordsToRemove(domain).map(toSnakeCase),
      ),
    };
  }
}
