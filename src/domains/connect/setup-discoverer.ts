import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { HTTPS_PORT, type DomainConnectConfig } from '../../config/domain-connect-config.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { isExceeded, RateLimits } from '../../limits/rate-limits.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import { Clock } from '../../shared/clock.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import { loggerFor } from '../../shared/log-scope.js';
import type { Domain } from '../domain.js';
import type { DomainSetup } from '../domain-setup.js';
import { DiscoveryRequest } from './discovery-request.js';
import { ProviderDiscovery, type Discovered } from './provider-discovery.js';
import { pairServiceIdOf, serviceIdOf, type TemplateRegion } from './templates.js';

export const DISCOVERY_EVERY = 10 * MINUTE;
/** At once, in one cell. */
export const DISCOVERIES_AT_ONCE = 4;
const DEADLINE = 3 * SECOND;
const ZONES_MAX = 5000;

/**
 * Finds out, now and then, whether the DNS provider of a claim that is being set up, or whose proof is missing, can make
 * its records.
 */
@Injectable()
export class SetupDiscoverer {
  readonly #logger = loggerFor(SetupDiscoverer.name);
  readonly #discovery: ProviderDiscovery | null;
  /** By zone and template. A zone is not asked again for the claims of other names in it. */
  readonly #recent = boundedCache<string, Promise<Discovered | null>>(ZONES_MAX, {
    ttl: DISCOVERY_EVERY,
  });
  #running = 0;

  constructor(
    private readonly config: CellConfig,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
    resolver: DnsResolver,
  ) {
    const { domainConnect } = config;
    this.#discovery = domainConnect === null ? null : discoveryOf(config, domainConnect, resolver);
  }

  /** Null: it failed. Undefined: Domain Connect is off, or it is not its turn. Never rejects. */
  async look(claim: Domain): Promise<DomainSetup | null | undefined> {
    const discovery = this.#discovery;
    if (discovery === null || !this.#isDue(claim)) return undefined;
    if (this.#running >= DISCOVERIES_AT_ONCE || !this.#isWithinLimit(claim)) return undefined;
    this.#running += 1;
    try {
      return await this.#look(discovery, claim);
    } catch (err) {
      this.#logger.warn({ hostname: claim.hostname, err }, 'DNS provider not found out');
      return null;
    } finally {
      this.#running -= 1;
    }
  }

  async #look(discovery: ProviderDiscovery, claim: Domain): Promise<DomainSetup | null> {
    const { hostname, registrableDomain, isApex } = claim;
    const own = templateRegionOf(this.config);
    const serviceId = serviceIdOf(own, isApex);
    const pairServiceId = isApex ? pairServiceIdOf(own) : null;
    const signal = AbortSignal.timeout(DEADLINE);
    const subject = { hostname, registrableDomain, isApex, serviceId };
    const cut = await discovery.zoneOf(subject, signal);
    if (cut.state !== 'found') return null;
    const key = `${cut.zone} ${serviceId}`;
    const known = this.#recent.get(key);
    const asked = known ?? discovery.discover(cut.zone, { serviceId, pairServiceId }, signal);
    if (known === undefined) this.#recent.set(key, asked);
    const found = await asked;
    if (found?.hasPairTemplate === null && this.#recent.peek(key) === asked)
      this.#recent.delete(key);
    return found && settled(found, claim.setup);
  }

  #isDue({ ownership, pointedAt, proofMissingSince, setupCheckedAt }: Domain): boolean {
    const isSetUp = ownership === 'verified' && pointedAt !== null && proofMissingSince === null;
    // The records of a name that somebody else holds are not ours to make.
    if (isSetUp || ownership === 'conflict' || ownership === 'revoked') return false;
    if (setupCheckedAt === null) return true;
    return this.clock.now().getTime() - setupCheckedAt.getTime() >= DISCOVERY_EVERY;
  }

  #isWithinLimit({ accountId }: Domain): boolean {
    const charge = { limit: 'DOMAIN_DISCOVERIES', subject: accountId } as const;
    const standing = this.limits.chargeMemory([charge]);
    return standing === null || !isExceeded(standing);
  }
}

/** What was not found out stays as it was. @param before of the same claim */
function settled(
  { hasPairTemplate = false, ...found }: Discovered,
  before: DomainSetup | null,
): DomainSetup {
  const isSame =
    before?.zone === found.zone &&
    before.serviceId === found.serviceId &&
    before.provider?.id === found.provider?.id;
  const hasPair = hasPairTemplate ?? (isSame && before.hasPairTemplate === true);
  return { ...found, ...(hasPair && { hasPairTemplate: true }) };
}

/** @param config of a cell, or of a command */
export function discoveryOf(
  { baseDomain, ingressAddresses }: Pick<CellConfig, 'baseDomain' | 'ingressAddresses'>,
  { providerId, providers, port, roots }: DomainConnectConfig,
  resolver: DnsResolver,
): ProviderDiscovery {
  const reach = { ownAddresses: ingressAddresses, reachesOwn: port !== HTTPS_PORT };
  const requests = new DiscoveryRequest(resolver, { port, roots, ...reach });
  return new ProviderDiscovery(resolver, requests, { baseDomain, providerId, providers });
}

/** What the templates need to know of a region. */
export function templateRegionOf({
  region,
  ingressAddresses,
  nameServers,
}: Pick<CellConfig, 'region' | 'ingressAddresses' | 'nameServers'>): TemplateRegion {
  return { region, ingressAddresses, isDelegable: nameServers.length > 0 };
}
