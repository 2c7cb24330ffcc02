import { jest } from '@jest/globals';
import { aDomain } from '../../../test/fakes/sample-domain.js';
import type { CellConfig } from '../../config/cell-config.js';
import type { Region } from '../../config/region.js';
import { mergeFindings } from '../../dns/dns-lookup.js';
import type { DnsResolver } from '../../dns/dns-resolver.js';
import type { RateLimits } from '../../limits/rate-limits.js';
import { SystemClock } from '../../shared/clock.js';
import { requireHostname } from '../../shared/hostname.js';
import type { Domain } from '../domain.js';
import { apex } from '../../../test/fakes/sample-pair.js';
import { ProviderDiscovery, type Discovered } from './provider-discovery.js';
import { DISCOVERY_EVERY, SetupDiscoverer } from './setup-discoverer.js';

function discoverer(): SetupDiscoverer {
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
  return new SetupDiscoverer(config, limits, new SystemClock(), resolver);
}

/** Undefined: it was not asked for. Null: it was, and no name server answers here. */
const lookAt = (changes: Partial<Domain>) => discoverer().look(aDomain(changes));

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

describe('the template of a pair, when the look for it fails', () => {
  const known = apex({ serviceId: 'custom-domain-apex-basic' });
  const { setup } = known;
  afterEach(() => jest.restoreAllMocks());

  function answering(...found: readonly (boolean | null)[]) {
    const discover = jest.spyOn(ProviderDiscovery.prototype, 'discover');
    for (const hasPairTemplate of found)
      discover.mockResolvedValueOnce({ ...setup, hasPairTemplate } as Discovered);
    return discover;
  }
  const claim = (changes: Partial<Domain>) => ({ ...known, setupCheckedAt: null, ...changes });

  it.each<[string, Domain['setup'], boolean]>([
    ['there where it was there before', setup, true],
    ['missing where nothing was known', null, false],
    ['missing at another provider', setup && { ...setup, provider: null }, false],
  ])('stays %s', async (_, before, isThere) => {
    answering(null);
    const found = await discoverer().look(claim({ setup: before }));
    expect(found?.state).toBe('available');
    expect(found?.hasPairTemplate === true).toBe(isThere);
  });

  it('is looked for again by the next check', async () => {
    const discover = answering(null, true, false);
    const looker = discoverer();
    await looker.look(claim({ setup: null }));
    for (let round = 0; round < 2; round += 1)
      expect(await looker.look(claim({ setup: null }))).toMatchObject({ hasPairTemplate: true });
    expect(discover).toHaveBeenCalledTimes(2);
  });
});
