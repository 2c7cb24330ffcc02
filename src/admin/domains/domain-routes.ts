import { Injectable } from '@nestjs/common';
import { DomainAdministrationService } from '../../certificates/domain-administration.service.js';
import { accountActor, adminRoute, AdminRoutes, type AdminInput } from '../admin-operation.js';
import {
  BLOCK_DOMAIN,
  GET_DOMAIN,
  LIST_DOMAINS,
  REISSUE_CERTIFICATE,
  RELEASE_DOMAIN,
  TRANSFER_DOMAIN,
  UNBLOCK_DOMAIN,
  VERIFY_DOMAIN,
} from './domain-operations.js';
import {
  presentAdministered,
  presentDomain,
  presentSecond,
  presentTransferred,
} from './domain-schemas.js';

@Injectable()
export class DomainRoutes extends AdminRoutes {
  constructor(private readonly domains: DomainAdministrationService) {
    super();
  }

  readonly routes = [
    adminRoute(LIST_DOMAINS, ({ query }) => this.#list(query)),
    adminRoute(GET_DOMAIN, async ({ params }) =>
      presentAdministered(await this.domains.show(params.domain)),
    ),
    adminRoute(RELEASE_DOMAIN, async ({ params }, actor) => {
      const { domain, second } = await this.domains.release(params.domain, accountActor(actor));
      const { extid: id, hostname } = domain;
      return { id, hostname, released: true as const, second: presentSecond(second) };
    }),
    adminRoute(VERIFY_DOMAIN, async ({ params }) =>
      presentDomain(await this.domains.checkSoon(params.domain)),
    ),
    adminRoute(BLOCK_DOMAIN, async ({ params, body }, actor) =>
      presentDomain(await this.domains.block(params.domain, body.reason, accountActor(actor))),
    ),
    adminRoute(UNBLOCK_DOMAIN, async ({ params }, actor) =>
      presentDomain(await this.domains.unblock(params.domain, accountActor(actor))),
    ),
    adminRoute(TRANSFER_DOMAIN, async ({ params, body }, actor) =>
      presentTransferred(
        await this.domains.transfer(params.domain, body.account, accountActor(actor)),
      ),
    ),
    adminRoute(REISSUE_CERTIFICATE, async ({ params }, actor) =>
      presentAdministered(await this.domains.reissue(params.domain, accountActor(actor))),
    ),
  ];

  async #list(query: AdminInput<typeof LIST_DOMAINS>['query']) {
    const { hostname, account = null, blocked, limit, cursor } = query;
    if (hostname !== undefined) {
      const claims = await this.domains.ofName(hostname);
      return { domains: claims.map(presentDomain), next_cursor: null };
    }
    const onlyBlocked = blocked === 'true';
    const page = await this.domains.list({ account, onlyBlocked, limit, cursor });
    return { domains: page.domains.map(presentDomain), next_cursor: page.nextCursor };
  }
}
