import { Injectable } from '@nestjs/common';
import { presentIssues } from '../../api/domains/domain-presenter.js';
import { CellConfig } from '../../config/cell-config.js';
import { DelegationOffer } from '../../dns/delegation-offer.js';
import { adminRoute, AdminRoutes } from '../admin-operation.js';
import { GET_OVERVIEW } from './overview-operations.js';
import { nameserverIssue } from './region-issues.js';
import { RegionNumbers } from './region-numbers.js';

@Injectable()
export class OverviewRoutes extends AdminRoutes {
  constructor(
    private readonly config: CellConfig,
    private readonly numbers: RegionNumbers,
    private readonly delegation: DelegationOffer,
  ) {
    super();
  }

  readonly routes = [
    adminRoute(GET_OVERVIEW, async () => ({
      region: this.config.region,
      ...(await this.numbers.read()),
      issues: this.#issues(),
    })),
  ];

  #issues() {
    const trouble = this.delegation.trouble();
    if (trouble === null) return [];
    return presentIssues({ issues: [nameserverIssue(trouble)] }, trouble.checkedAt);
  }
}
