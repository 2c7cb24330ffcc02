import { aDomain } from '../../../test/fakes/sample-domain.js';
import type { CellConfig } from '../../config/cell-config.js';
import type { Region } from '../../config/region.js';
import { mergeFindings } from '../../dns/dns-lookup.js';
import type { DnsResolver } from '../../dns/dns-resolver.js';
import type { RateLimits } from '../../limits/rate-limits.js';
import { SystemClock } from '../../shared/clock.js';
import { requireHostname } from '../../shared/hostname.js';
import type { Domain } from '../domain.js';
import { DISCOVERY_EVERY, SetupDiscoverer } from './setup-discoverer.js';

/** Undefined: it was not asked for. Null: it was, and no name server answers here. */
async function lookAt(changes: Partial<Domain>) {
  const config = {
    region: 'eu' as Region,
    baseDomain: requireHostname('onetime.example'),
    ingressAddresses: [],
    nameServers: [],
    domainConnect: { providerId: 'onetime.example', providers: null, port: 443, roots: null },
  } as unknown as CellConfig;
  const answer = { status: 'servfail' } as const;
  const resolver = {
    lookup: async () => mergeFindings([{ answer, chain: [], siblings: [], dnssecBogus: false }]),
  } as unknown as DnsResolver;
  const limits = { chargeMemory: () => null } as unknown as RateLimits;
  return new SetupDiscoverer(config, limits, new SystemClock(), resolver).look(aDomain(changes));
}

const PENDING = { ownership: 'pending', pointedAt: null } as const;
const SERVED = { ownership: 'verified', pointedAt: new Date() } as const;

describe('the DNS provider of a claim', () => {
  it.each<[string, Partial<Domain>]>([
    ['is being set up', PENDING],
    ['is proven and leads elsewhere', { ownership: 'verified', pointedAt: null }],
    ['is served and has lost its proof', { ...SERVED, proofMissingSince: new Date() }],
    [
      'was looked at long ago',
      { ...PENDING, setupCheckedAt: new Date(Date.now() - DISCOVERY_EVERY) },
    ],
  ])('is looked for while the claim %s', async (_, changes) => {
    expect(await lookAt({ setupCheckedAt: null, ...changes })).toBeNull();
  });

  it.each<[string, Partial<Domain>]>([
    ['is served', SERVED],
    ['is in conflict', { ownership: 'conflict' }],
    ['has ended', { ownership: 'revoked' }],
    ['was looked at lately', { ...PENDING, setupCheckedAt: new Date() }],
  ])('is left alone while the claim %s', async (_, changes) => {
    expect(await lookAt({ setupCheckedAt: null, ...changes })).toBeUndefined();
  });
});
