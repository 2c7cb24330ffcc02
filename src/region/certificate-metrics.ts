import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { CellConfig } from '../config/cell-config.js';
import { Statements, type Statement } from '../database/statements.js';
import { atMostEvery } from '../shared/at-most-every.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';

/** Scrapes within this time get the same numbers. */
const FRESH_FOR = 10 * SECOND;
/** More are not counted. */
const COUNT_MAX = 5000;

const CURRENT = 'superseded_at is null and destroyed_at is null';
// Both parts read the index of the current certificates by their end, the earliest first.
const EXPIRY: Statement = {
  name: 'metrics_certificate_expiry',
  text: `
    select count(*) filter (where left_days <= 0)::int as expired,
      count(*) filter (where left_days > 0 and left_days <= 1)::int as "1d",
      count(*) filter (where left_days > 0 and left_days <= 7)::int as "7d",
      count(*) filter (where left_days > 0 and left_days <= 14)::int as "14d",
      count(*) filter (where left_days > 0)::int as "30d",
      (
        select extract(epoch from not_after)::float8 from certificates
        where ${CURRENT} and not_after > now() order by not_after limit 1
      ) as earliest
    from (
      select extract(epoch from not_after - now()) / 86400 as left_days from certificates
      where ${CURRENT} and not_after <= now() + interval '30 days'
      order by not_after limit ${COUNT_MAX}
    ) as ending`,
};
const WITHIN = ['expired', '1d', '7d', '14d', '30d'] as const;

// There are a few versions of the root key: each is one look-up by index. The range of one version, in the index's order,
// keeps the count on it.
const UNREADABLE: Statement = {
  name: 'metrics_certificates_unreadable',
  text: `
    with recursive used (version) as (
      (select key_version from certificates where ${CURRENT} order by key_version limit 1)
      union all
      select (
        select key_version from certificates where ${CURRENT} and key_version > used.version
        order by key_version limit 1
      ) from used where used.version is not null
    )
    select coalesce(sum(n.count), 0)::int as count
    from used cross join lateral (
      select count(*) as count from (
        select from certificates where ${CURRENT} and key_version between used.version and used.version
        order by key_version, hostname limit ${COUNT_MAX}
      ) as first
    ) as n
    where used.version <> all($1::int[])`,
};

type Expiry = Readonly<Record<(typeof WITHIN)[number], number>> & {
  /** Seconds since the epoch. */
  readonly earliest: number | null;
};

/** Adds to the cell's metrics when its stored certificates end, and how many have no root key. */
@Injectable()
export class CertificateMetrics {
  readonly #logger = loggerFor(CertificateMetrics.name);
  readonly #earliest: Gauge;
  readonly #expiring: Gauge<'within'>;
  readonly #unreadable: Gauge;

  constructor(
    registry: Registry,
    private readonly statements: Statements,
    private readonly config: CellConfig,
  ) {
    const collect = atMostEvery(
      FRESH_FOR,
      () => this.#measure(),
      (err) => this.#logger.warn({ err }, 'certificates were not measured'),
    );
    const common = { registers: [registry], collect };
    this.#earliest = new Gauge({
      ...common,
      name: 'gateway_certificate_earliest_expiry_timestamp_seconds',
      help: 'When the first of the stored certificates that are valid ends; NaN: there is none',
    });
    this.#expiring = new Gauge({
      ...common,
      name: 'gateway_certificates_expiring',
      help: `Stored certificates that end within this time, each counted in all longer ones too, or have ended; at most ${COUNT_MAX} in all`,
      labelNames: ['within'],
    });
    this.#unreadable = new Gauge({
      ...common,
      name: 'gateway_certificates_unreadable',
      help: `Certificates whose key was sealed under a root key that is not configured; at most ${COUNT_MAX} for each`,
    });
  }

  async #measure(): Promise<void> {
    const versions = this.config.rootKeys.map(({ version }) => version);
    const [[expiry], [unreadable]] = await Promise.all([
      this.statements.run<Expiry>(EXPIRY, []),
      this.statements.run<{ count: number }>(UNREADABLE, [versions]),
    ]);
    if (expiry !== undefined) {
      this.#earliest.set(expiry.earliest ?? Number.NaN);
      for (const within of WITHIN) this.#expiring.set({ within }, expiry[within]);
    }
    this.#unreadable.set(unreadable?.count ?? 0);
  }
}
