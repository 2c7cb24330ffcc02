import { Injectable } from '@nestjs/common';
import { IssuanceInterventions } from '../../certificates/stores/issuance-interventions.store.js';
import { TableEstimates } from '../../database/table-estimates.js';
import { LimitLifts } from '../../limits/limit-lifts.js';
import { AdminKeysService } from '../../operators/admin-keys.service.js';

const TABLES = ['accounts', 'domains', 'certificates', 'secrets', 'receipts'] as const;

/** The numbers of a region, for which no table is read. */
@Injectable()
export class RegionNumbers {
  constructor(
    private readonly tables: TableEstimates,
    private readonly interventions: IssuanceInterventions,
    private readonly lifts: LimitLifts,
    private readonly keys: AdminKeysService,
  ) {}

  async read() {
    const [rows, holds, keys, limited] = await Promise.all([
      this.tables.of(TABLES),
      this.interventions.holds(),
      this.keys.list(),
      this.lifts.limited(),
    ]);
    const of = (table: (typeof TABLES)[number]): number => rows.get(table) ?? 0;
    return {
      estimates: {
        accounts: of('accounts'),
        domains: of('domains'),
        certificates: of('certificates'),
        secrets: of('secrets'),
        receipts: of('receipts'),
      },
      holds: holds.length,
      limited: limited.length,
      keys: keys.filter(({ state }) => state === 'active').length,
    };
  }
}
