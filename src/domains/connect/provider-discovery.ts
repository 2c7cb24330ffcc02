import { valuesOf, hasFailed } from '../../dns/dns-answer.js';
import type { DnsResolver } from '../../dns/dns-resolver.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainSetup } from '../domain-setup.js';
import { parseDiscoveryValue, type ProviderAddress } from './discovery-address.js';
import type { DiscoveryAnswer, DiscoveryRequest } from './discovery-request.js';
import { readProviderSettings, type ProviderSettings } from './provider-settings.js';
import { findZone, type Ask, type ZoneCut } from './zone-cut.js';

export interface DiscoveryRules {
  readonly baseDomain: Hostname;
  /** Ours, at the DNS providers. */
  readonly providerId: string;
  /** The ids of the DNS providers that are trusted; null: all. */
  readonly providers: readonly string[] | null;
}

/** What is looked for: a name, and the template that its claim needs. */
export interface DiscoverySubject {
  readonly hostname: string;
  readonly registrableDomain: string;
  readonly isApex: boolean;
  readonly serviceId: string;
}

/** The templates that are looked for. */
export interface Services {
  readonly serviceId: string;
  /** For an apex, the one that makes the records of its `www` too. */
  readonly pairServiceId?: string | null;
}

export interface Discovered extends Omit<DomainSetup, 'hasPairTemplate'> {
  /** Null: the look for it failed, and nothing may be concluded. */
  readonly hasPairTemplate?: boolean | null;
}

type Found<T> = T | 'none' | 'unknown';

const VALUES_TRIED = 3;
const WINDOW = { width: 750, height: 750 } as const;

/** Finds out by DNS and HTTPS whether the provider of a zone can make our records. Never throws. */
export class ProviderDiscovery {
  constructor(
    private readonly resolver: DnsResolver,
    private readonly requests: DiscoveryRequest,
    private readonly rules: DiscoveryRules,
  ) {}

  zoneOf(
    { hostname, registrableDomain, isApex }: DiscoverySubject,
    signal: AbortSignal,
  ): Promise<ZoneCut> {
    // At the apex of a registrable domain a zone begins.
    if (isApex) return Promise.resolve({ state: 'found', zone: hostname });
    return findZone(hostname, registrableDomain, this.#asker(signal));
  }

  /** Null: it failed, and nothing may be concluded. */
  async discover(
    zone: string,
    { serviceId, pairServiceId = null }: Services,
    signal: AbortSignal,
  ): Promise<Discovered | null> {
    const settings = await this.#settingsOf(zone, signal);
    if (settings === 'unknown') return null;
    const base = { zone, serviceId, provider: null, syncUrl: null, controlPanel: null };
    if (settings === 'none' || !this.#isTrusted(settings))
      return { ...base, state: 'unsupported', window: WINDOW };
    const { id, name, syncUrl, controlPanel, width, height } = settings;
    const known = {
      ...base,
      provider: { id, name },
      syncUrl,
      controlPanel,
      window: { width, height },
    };
    if (syncUrl === null) return { ...known, state: 'unsupported' };
    const hasTemplate = await this.#hasTemplate(settings.api, serviceId, signal);
    if (hasTemplate === null) return null;
    if (!hasTemplate) return { ...known, state: 'no_template' };
    const hasPairTemplate =
      pairServiceId !== null && (await this.#hasTemplate(settings.api, pairServiceId, signal));
    return { ...known, state: 'available', ...(hasPairTemplate !== false && { hasPairTemplate }) };
  }

  #isTrusted({ id }: ProviderSettings): boolean {
    const { providers } = this.rules;
    return providers === null || providers.includes(id);
  }

  #asker(signal: AbortSignal): Ask {
    return (name, type) => this.resolver.lookup(name, type, signal);
  }

  async #settingsOf(zone: string, signal: AbortSignal): Promise<Found<ProviderSettings>> {
    const { answer } = await this.#asker(signal)(`_domainconnect.${zone}`, 'TXT');
    if (hasFailed(answer)) return 'unknown';
    const addresses = valuesOf(answer)
      .flatMap((text) => parseDiscoveryValue(text, this.rules.baseDomain) ?? [])
      .slice(0, VALUES_TRIED);
    let hasFailure = false;
    for (const address of addresses) {
      const found = await this.#settingsAt(address, zone, signal);
      if (typeof found !== 'string') return found;
      hasFailure ||= found === 'unknown';
    }
    return hasFailure ? 'unknown' : 'none';
  }

  async #settingsAt(
    address: ProviderAddress,
    zone: string,
    signal: AbortSignal,
  ): Promise<Found<ProviderSettings>> {
    const answer = await this.requests.get(address, `/v2/${zone}/settings`, signal);
    if (isUnanswered(answer)) return 'unknown';
    // 404: the record is a leftover of a former provider. A redirect or a page: no provider at all.
    if (answer.status !== 200) return 'none';
    return readProviderSettings(answer.body, zone, this.rules.baseDomain) ?? 'none';
  }

  async #hasTemplate(
    api: ProviderAddress,
    serviceId: string,
    signal: AbortSignal,
  ): Promise<boolean | null> {
    const path = `/v2/domainTemplates/providers/${this.rules.providerId}/services/${serviceId}`;
    const answer = await this.requests.get(api, path, signal);
    if (isUnanswered(answer)) return null;
    // The body may be empty, a version or the whole template.
    return answer.status >= 200 && answer.status < 300;
  }
}

/** Nobody answered, or with a fault of the server's own. */
function isUnanswered(answer: DiscoveryAnswer | null): answer is null {
  return answer === null || answer.status >= 500 || answer.status === 429;
}
