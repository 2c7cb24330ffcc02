import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { PLANS_WITH_DOMAINS } from '../accounts/plans.js';
import { CERTIFICATE_STATES } from '../certificates/certificate-state.js';
import { Issuers } from '../certificates/issuers/issuer.js';
import { Statements, type Statement } from '../database/statements.js';
import { SECOND } from '../shared/durations.js';

/** Scrapes within this time of a count get its numbers, in milliseconds. */
const FRESH_FOR = 10 * SECOND;

// An approximation: counts a lapsed domain also after its 30 days of grace, when it is no longer served.
const DOMAINS: Statement = {
  name: 'metrics_domains',
  text: `
    select count(*)::int as count from domains d
    join accounts a on a.id = d.account_id and a.plan = any($1)
    join certificates c on c.hostname = d.hostname and c.superseded_at is null
      and c.destroyed_at is null and c.not_after > now()
    where d.ownership in ('verified', 'lapsed') and d.removed_at is null`,
};
const CERTIFICATES: Statement = {
  name: 'metrics_certificates',
  text: 'select state, count(*)::int as count from issuances group by state',
};
const HOLDS: Statement = {
  name: 'metrics_ca_holds',
  text: 'select ca, count(*)::int as count from ca_holds where until > now() group by ca',
};

/**
 * Adds the region's domains and certificates to the cell's metrics. The database counts them when the metrics are
 * scraped, so that all replicas report the same numbers.
 */
@Injectable()
export class DomainMetrics {
  #refreshed: Promise<void> = Promise.resolve();
  #staleAt = 0;
  readonly #domains: Gauge;
  readonly #certificates: Gauge<'state'>;
  readonly #holds: Gauge<'ca'>;

  constructor(
    registry: Registry,
    private readonly statements: Statements,
    private readonly issuers: Issuers,
  ) {
    const common = { registers: [registry], collect: () => this.#refresh() };
    this.#domains = new Gauge({
      ...common,
      name: 'gateway_domains_serving',
      help: 'Custom domains with a proof and a certificate',
    });
    this.#certificates = new Gauge({
      ...common,
      name: 'gateway_certificates',
      help: 'Names by the state of their certificate',
      labelNames: ['state'],
    });
    this.#holds = new Gauge({
      ...common,
      name: 'gateway_ca_holds',
      help: 'Scopes in which a CA is not asked for now, because of a rate limit or because it is down',
      labelNames: ['ca'],
    });
  }

  /** One count for all gauges. While the database is unreachable they keep their values. */
  #refresh(): Promise<void> {
    const now = performance.now();
    if (now >= this.#staleAt) {
      this.#staleAt = now + FRESH_FOR;
      this.#refreshed = this.#count().catch(() => {});
    }
    return this.#refreshed;
  }

  async #count(): Promise<void> {
    const { issuers, statements } = this;
    const [domains, states, holds] = await Promise.all([
      statements.run<{ count: number }>(DOMAINS, [PLANS_WITH_DOMAINS]),
      statements.run<{ state: string; count: number }>(CERTIFICATES, []),
      statements.run<{ ca: string; count: number }>(HOLDS, []),
    ]);
    this.#domains.set(domains[0]?.count ?? 0);
    const counts = new Map(states.map(({ state, count }) => [state, count]));
    for (const state of CERTIFICATE_STATES)
      this.#certificates.set({ state }, counts.get(state) ?? 0);
    for (const { name: ca, source } of issuers.list) {
      if (source !== 'acme') continue;
      this.#holds.set({ ca }, holds.find((hold) => hold.ca === ca)?.count ?? 0);
    }
  }
}
