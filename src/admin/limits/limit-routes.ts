import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../accounts/accounts.service.js';
import { emailKeyOf } from '../../accounts/email-address.js';
import { externalIdOf } from '../../accounts/external-id.js';
import { DomainAdministrationService } from '../../certificates/domain-administration.service.js';
import { LimitLifts } from '../../limits/limit-lifts.js';
import { clientNetworksOf } from '../../shared/network.js';
import { adminRoute, AdminRoutes, type AdminInput } from '../admin-operation.js';
import { LIFT_LIMITS, LIST_LIMITED } from './limit-operations.js';

const SHOWN_MAX = 1000;

@Injectable()
export class LimitRoutes extends AdminRoutes {
  constructor(
    private readonly lifts: LimitLifts,
    private readonly accounts: AccountsService,
    private readonly domains: DomainAdministrationService,
  ) {
    super();
  }

  readonly routes = [
    adminRoute(LIST_LIMITED, async () => ({
      limited: (await this.lifts.limited())
        .slice(0, SHOWN_MAX)
        .map(({ limit, key, used, resetsInSeconds, scope }) => ({
          limit,
          key,
          used,
          resets_in_seconds: resetsInSeconds,
          scope,
        })),
    })),
    adminRoute(LIFT_LIMITS, async ({ body }) => ({
      counters: await this.lifts.lift({
        subjects: await this.#subjectsOf(body),
        keys: body.key === undefined ? [] : [body.key],
      }),
    })),
  ];

  /** What the limits count under: see config/limits.ts. */
  async #subjectsOf({
    network,
    account,
    domain,
  }: AdminInput<typeof LIFT_LIMITS>['body']): Promise<string[]> {
    const subjects: string[] = [];
    if (network !== undefined) {
      const { near, wide } = clientNetworksOf(network);
      subjects.push(near, ...(wide === null ? [] : [wide]));
    }
    if (account !== undefined) {
      const { id, email } = await this.accounts.get(account);
      // Failed sign-ins are counted under the login: the address, or the id.
      subjects.push(id, emailKeyOf(email), externalIdOf(id));
    }
    if (domain !== undefined) {
      const { domain: found } = await this.domains.show(domain);
      subjects.push(found.id, `${found.accountId} ${found.extid}`);
    }
    return subjects;
  }
}
