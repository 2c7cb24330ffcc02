import type { Account } from '../../accounts/account.js';
import type { EventPage } from '../../domains/domains.service.js';
import { ingressSuffix, type DomainSettings } from '../../domains/domain-settings.js';
import type {
  ClusterDetails,
  DomainAnswer,
  DomainsAnswer,
  EventsAnswer,
} from './domain-answers.js';
import { presentDomain } from './domain-presenter.js';
import type { DomainView } from '../../setup/domain-view.js';
import { toSnakeCase } from './snake-case.js';

/** Upstream's envelope of one domain. */
export function domainEnvelope(
  { id }: Account,
  view: DomainView,
  settings: DomainSettings,
): DomainAnswer {
  return { user_id: id, record: presentDomain(view), details: detailsOf(settings) };
}

/** One page of domains; `count` covers all pages. */
export function domainsEnvelope(
  { id }: Account,
  page: {
    readonly views: readonly DomainView[];
    readonly count: number;
    readonly nextCursor: string | null;
  },
  settings: DomainSettings,
): DomainsAnswer {
  return {
    user_id: id,
    records: page.views.map(presentDomain),
    count: page.count,
    next_cursor: page.nextCursor,
    details: detailsOf(settings),
  };
}

/** One page of a timeline, the newest first. */
export function eventsEnvelope({ id }: Account, { events, nextCursor }: EventPage): EventsAnswer {
  return {
    user_id: id,
    records: events.map(({ id: eventId, at, axis, type, detail }) => ({
      id: eventId,
      at: at.toISOString(),
      axis,
      type,
      detail: toSnakeCase(detail),
    })),
    count: events.length,
    next_cursor: nextCursor,
  };
}

/** The ingress of this region, in upstream's field names. */
function detailsOf({ region, baseDomain, ingressAddresses }: DomainSettings): ClusterDetails {
  const host = ingressSuffix(region, baseDomain);
  return {
    cluster: {
      type: 'gateway',
      proxy_ip: ingressAddresses[0] ?? null,
      proxy_name: region,
      proxy_host: host,
      vhost_target: host,
      validation_strategy: 'acme',
    },
  };
}
