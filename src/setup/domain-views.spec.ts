import { healthyFacts } from '../../test/fakes/domain-facts.js';
import { aDomain } from '../../test/fakes/sample-domain.js';
import type { CertificatesService } from '../certificates/certificates.service.js';
import type { ClockWatch } from '../database/clock-watch.js';
import type { DomainsService } from '../domains/domains.service.js';
import { SystemClock } from '../shared/clock.js';
import type { DomainOffers } from './domain-offers.js';
import { DomainViews } from './domain-views.js';

const OWNER = { plan: 'identity_plus' } as const;

describe(DomainViews.name, () => {
  let refreshed = 0;

  function views(): DomainViews {
    const domains = {
      facts: () => healthyFacts(),
      otherNames: async () => ({ own: new Map(), claimed: new Set() }),
    } as unknown as DomainsService;
    const offers = {
      connect: {
        refresh: () => {
          refreshed += 1;
          // As when no name server answers.
          return new Promise(() => undefined);
        },
        pictureOf: () => null,
      },
      transfers: {
        offers: { openOf: async () => new Map() },
        moves: { ofDomains: async () => new Map(), watch: async () => undefined },
      },
    } as unknown as DomainOffers;
    const certificates = { viewMany: async () => new Map() } as unknown as CertificatesService;
    const clocks = { worstSeconds: null } as ClockWatch;
    return new DomainViews(domains, certificates, new SystemClock(), clocks, offers);
  }

  beforeEach(() => {
    refreshed = 0;
  });

  const pending = aDomain({ ownership: 'pending' });

  it.each([
    ['a list', () => views().ofMany([pending, pending], OWNER)],
    ['one domain for anybody', () => views().of(pending, OWNER)],
  ])('keeps the state of our key up to date for %s, and waits for no look', async (_, view) => {
    await view();
    expect(refreshed).toBe(1);
  });
});
