import { Inject, Injectable, Optional } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { CA_LIMIT_NAMES, CA_LIMIT_WORDS, type CaLimits } from '../../config/acme-limits.js';
import { CellConfig } from '../../config/cell-config.js';
import { type Statement, Statements } from '../../database/statements.js';
import { atMostEvery } from '../../shared/at-most-every.js';
import { SECOND } from '../../shared/durations.js';
import { loggerFor } from '../../shared/log-scope.js';
import { CertificateSettings } from '../certificate-settings.js';
import { certificatesPerName } from './ca-limits.js';
import { CaLedger } from './ca-ledger.js';

/** Scrapes within this time get the same numbers. */
const FRESH_FOR = 10 * SECOND;
/** So many of the newest entries are grouped: with more in the period, older ones are not seen. */
const ENTRIES_MAX = 5000;
const NAMES_MAX = 100;

const IN_PERIOD = 'at > now() - make_interval(secs => $1::float8)';
const NEWEST = `order by at desc limit ${ENTRIES_MAX}`;

/** The most that one registrable domain has used. */
const BY_DOMAIN: Statement = {
  name: 'ca_ledger_most_by_domain',
  text: `
    select count(*)::int as used, null::float8 as "lifetimeSeconds" from (
      select registrable_domain from ca_ledger
      where ca = $2 and kind = 'certificate' and not is_renewal and ${IN_PERIOD} ${NEWEST}
    ) as newest group by registrable_domain order by used desc limit 1`,
};
// Over all CAs. The limit depends on the lifetime, which each name's issuance has.
const BY_NAME: Statement = {
  name: 'ca_ledger_most_by_name',
  text: `
    select used, (extract(epoch from i.not_after - i.urgent_at) * 6)::float8 as "lifetimeSeconds" from (
      select hostname, count(*)::int as used from (
        select hostname from ca_ledger
        where kind = 'certificate' and ${IN_PERIOD} ${NEWEST}
      ) as newest group by hostname order by used desc limit ${NAMES_MAX}
    ) as most left join issuances i using (hostname)`,
};
const BY_FAILURE: Statement = {
  name: 'ca_ledger_most_failures',
  text: `
    select count(*)::int as used, null::float8 as "lifetimeSeconds" from (
      select ca, hostname from ca_ledger
      where kind = 'failed_authorization' and ${IN_PERIOD} ${NEWEST}
    ) as newest where ca = $2 group by hostname order by used desc limit 1`,
};
const MOST_USED = {
  certificatesPerDomain: BY_DOMAIN,
  certificatesPerName: BY_NAME,
  failedAuthorizations: BY_FAILURE,
} as const;

interface Used {
  readonly used: number;
  readonly lifetimeSeconds: number | null;
}

/** newOrders counts per account, so the name does not matter. */
const ANY_NAME = { hostname: '', registrableDomain: '', isRenewal: false, lifetimeSeconds: null };

/**
 * Publishes how much each CA's limits still allow, so that operators can ask for higher ones in time. Limits of domains
 * and names are those of the one that has the least left, so that there is no series for each.
 */
@Injectable()
export class CaHeadroom {
  readonly #logger = loggerFor(CaHeadroom.name);
  readonly #left: Gauge<'ca' | 'limit'>;

  constructor(
    private readonly settings: CertificateSettings,
    private readonly ledger: CaLedger,
    private readonly statements: Statements,
    registry: Registry,
    @Optional() @Inject(CellConfig) cell?: Pick<CellConfig, 'role'>,
  ) {
    const collect = atMostEvery(
      FRESH_FOR,
      () => this.#measure(),
      (err) => this.#logger.warn({ err }, 'the headroom of the CAs was not measured'),
    );
    this.#left = new Gauge({
      name: 'gateway_ca_limit_left',
      help: `What a CA's limit still allows: orders for the account, else for the domain or name with the least left (of the newest ${ENTRIES_MAX} entries)`,
      labelNames: ['ca', 'limit'],
      // The login of a process that only serves cannot read the ledger.
      registers: cell?.role === 'serve' ? [] : [registry],
      collect,
    });
  }

  async #measure(): Promise<void> {
    for (const { name: ca, limits } of this.settings.cas) {
      for (const limit of CA_LIMIT_NAMES) {
        const left = await this.#leftOf(ca, limits, limit);
        if (left !== null) this.#left.set({ ca, limit: CA_LIMIT_WORDS[limit] }, Math.max(left, 0));
      }
    }
  }

  /** Null: the CA has no such limit. */
  async #leftOf(
    ca: string,
    limits: CaLimits,
    name: (typeof CA_LIMIT_NAMES)[number],
  ): Promise<number | null> {
    const limit = limits[name];
    if (limit === undefined) return null;
    if (name === 'newOrders') {
      const counted = await this.ledger.headroom(ca, ANY_NAME);
      return limit.count - (counted.find((each) => each.limit === name)?.used ?? 0);
    }
    const ofCa = name === 'certificatesPerName' ? [] : [ca];
    const values = [limit.periodSeconds, ...ofCa];
    const used = await this.statements.run<Used>(MOST_USED[name], values);
    const countFor = ({ lifetimeSeconds }: Used): number =>
      name === 'certificatesPerName'
        ? certificatesPerName(limit, lifetimeSeconds).count
        : limit.count;
    return Math.min(limit.count, ...used.map((each) => countFor(each) - each.used));
  }
}
