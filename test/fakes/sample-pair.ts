import type { Domain } from '../../src/domains/domain.js';
import type { DomainFacts } from '../../src/domains/domain-facts.js';
import { requireHostname } from '../../src/shared/hostname.js';
import { healthyFacts, NODATA } from './domain-facts.js';
import { aDomain } from './sample-domain.js';

/** Without the records of the set-up. */
export const MISSING = { a: NODATA, aaaa: NODATA, cname: NODATA, txt: NODATA };
const ZONE = requireHostname('example.com');

/** The claim to an apex, whose provider can make the records of its `www` too. */
export function apex(changes: Partial<NonNullable<Domain['setup']>> = {}): Domain {
  return aDomain({
    hostname: ZONE,
    registrableDomain: ZONE,
    isApex: true,
    ownership: 'pending',
    pointedAt: null,
    setup: {
      state: 'available',
      zone: ZONE,
      serviceId: 'custom-domain-apex-eu-basic',
      hasPairTemplate: true,
      provider: { id: 'dns.example', name: 'DNS Example' },
      syncUrl: 'https://panel.dns.example/connect',
      controlPanel: null,
      window: { width: 750, height: 750 },
      ...changes,
    },
  });
}

export function www(changes: Partial<Domain> = {}): Domain {
  const hostname = requireHostname('www.example.com');
  return aDomain({
    hostname,
    registrableDomain: ZONE,
    ownership: 'pending',
    pointedAt: null,
    ...changes,
  });
}

export function wwwFacts(changes: Partial<DomainFacts> = {}): DomainFacts {
  return healthyFacts({ hostname: 'www.example.com', relativeName: 'www', ...MISSING, ...changes });
}
