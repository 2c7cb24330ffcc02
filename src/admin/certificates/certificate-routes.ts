import { Injectable } from '@nestjs/common';
import { CertificateReportStore } from '../../certificates/stores/certificate-report.store.js';
import { IssuanceInterventions } from '../../certificates/stores/issuance-interventions.store.js';
import { adminRoute, AdminRoutes } from '../admin-operation.js';
import { presentCertificate, presentHold } from '../domains/domain-schemas.js';
import { LIST_CERTIFICATES, LIST_HOLDS, RELEASE_HOLD } from './certificate-operations.js';

@Injectable()
export class CertificateRoutes extends AdminRoutes {
  constructor(
    private readonly reports: CertificateReportStore,
    private readonly interventions: IssuanceInterventions,
  ) {
    super();
  }

  readonly routes = [
    adminRoute(LIST_CERTIFICATES, async ({ query }) => {
      const { filter, within: withinSeconds, limit, cursor } = query;
      const page = await this.reports.list({ filter, withinSeconds, limit, cursor });
      return {
        certificates: page.certificates.map(presentCertificate),
        next_cursor: page.nextCursor,
      };
    }),
    adminRoute(LIST_HOLDS, async () => ({
      holds: (await this.interventions.holds()).map(presentHold),
    })),
    adminRoute(RELEASE_HOLD, async ({ body }) => {
      const { isReleased, woken } = await this.interventions.releaseHold(body.ca, body.scope);
      return { released: isReleased, names: woken };
    }),
  ];
}
