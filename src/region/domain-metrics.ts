import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { PLANS_WITH_DOMAINS } from '../accounts/plans.js';
import { CERTIFICATE_STATES } from '../certificates/certificate-state.js';
import { CellConfig } from '../config/cell-config.js';
import { Issuers } from '../certificates/issuers/issuer.js';
import { Statements, type Statement } from '../database/statements.js';
import { atMostEvery } from '../shared/at-most-every.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';

/** Scrapes within this time of a count get its numbers, in milliseconds. */
const FRESH_FOR = 10 * SECOND;

/** Up to so many rows a count is exact; above it, the statistics of the database estimate it. */
const EXACT_MAX = 5000;

// An approximation: counts a lapsed domain also after its 30 days of grace, when it is no longer served. The first
// names are counted; if there are more, their share is applied to the index's size. The laterals have a limit, so that
// each is one look-up by index.
const DOMAINS: Statement = {
  name: 'metrics_domains',
  text: `
    select count(*)::int as counted, count(a.id + c.id) filter (where d.blocked_at is null)::int as serving, (
        select greatest(reltuples, 0)::float8 from pg_class
        where oid = 'domains_hostname_proven_key'::regclass
      ) as estimate
    from (
      select hostname, account_id, blocked_at from domains
      where ownership in ('verified', 'lapsed') and removed_at is null
      order by hostname limit ${EXACT_MAX}
    ) d
    left join lateral (
      select 1 as id from accounts where id = d.account_id and plan = any($1) and state <> 'closing' limit 1
    ) a on true
    left join lateral (
      select 1 as id from certificates where hostname = d.hostname and superseded_at is null
        and destroyed_at is null and not_after > now() and key_version = any($2::int[]) limit 1
    ) c on true`,
};
// A range of one state, in its order: with an equality the planner may walk the hostnames through all states instead.
const CERTIFICATES: Statement = {
  name: 'metrics_certificates',
  text: `
    select s.state, (
        select count(*)::int from (
          select from issuances where state between s.state and s.state
          order by state, hostname limit ${EXACT_MAX}
        ) as first
      ) as counted,
      coalesce((
        select freq * (select greatest(reltuples, 0) from pg_class where oid = 'issuances'::regclass)
        from pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) as common (val, freq)
        where schemaname = current_schema() and tablename = 'issuances' and attname = 'state'
          and val = s.state
      ), 0)::float8 as estimate
    from unnest($1::text[]) as s (state)`,
};
const HOLDS: Statement = {
  name: 'metrics_ca_holds',
  text: 'select ca, count(*)::int as count from ca_holds where until > now() group by ca',
};

interface Counted {
  /** At most EXACT_MAX. */
  readonly counted: number;
  readonly estimate: number;
}

function totalOf({ counted, estimate }: Counted): number {
  return counted < EXACT_MAX ? counted : Math.max(counted, estimate);
}

/**
 * Adds the region's domains and certificates to the cell's metrics. The database counts them when the metrics are
 * scraped, so that all replicas report the same numbers.
 */
@Injectable()
export class DomainMetrics {
  readonly #logger = loggerFor(DomainMetrics.name);
  readonly #domains: Gauge;
  readonly #certificates: Gauge<'state'>;
  readonly #holds: Gauge<'ca'>;

  constructor(
    registry: Registry,
    private readonly statements: Statements,
    private readonly issuers: Issuers,
    private readonly config: CellConfig,
  ) {
    // One count for all gauges. While the database is unreachable they keep their values.
    const collect = atMostEvery(
      FRESH_FOR,
      () => this.#count(),
      (err) => this.#logger.warn({ err }, 'domains and certificates were not counted'),
    );
    const common = { registers: [registry], collect };
    this.#domains = new Gauge({
      ...common,
      name: 'gateway_domains_serving',
      help: `Custom domains with a proof and a certificate; an estimate above ${EXACT_MAX}`,
    });
    this.#certificates = new Gauge({
      ...common,
      name: 'gateway_certificates',
      help: `Names by the state of their certificate; an estimate above ${EXACT_MAX}`,
      labelNames: ['state'],
    });
    this.#holds = new Gauge({
      ...common,
      name: 'gateway_ca_holds',
      help: 'Scopes in which a CA is not asked for now, because of a rate limit or because it is down',
      labelNames: ['ca'],
    });
  }

  async #count(): Promise<void> {
    const { issuers, statements } = this;
    const versions = this.config.rootKeys.map(({ version }) => version);
    const [domains, states, holds] = await Promise.all([
      statements.run<Counted & { serving: number }>(DOMAINS, [PLANS_WITH_DOMAINS, versions]),
      statements.run<Counted & { state: string }>(CERTIFICATES, [CERTIFICATE_STATES]),
      statements.run<{ ca: string; count: number }>(HOLDS, []),
    ]);
    const [proven] = domains;
    if (proven !== undefined) {
      const share = proven.serving / Math.max(proven.counted, 1);
      this.#domains.set(Math.round(totalOf(proven) * share));
    }
    for (const state of states)
      this.#certificates.set({ state: state.state }, Math.round(totalOf(state)));
    for (const { name: ca, source } of issuers.list) {
      if (source !== 'acme') continue;
      this.#holds.set({ ca }, holds.find((hold) => hold.ca === ca)?.count ?? 0);
    }
  }
}
