import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { environmentSchema } from '../config/config.schema.js';
import { domainConnectNames, type DomainConnectConfig } from '../config/domain-connect-config.js';
import { SECOND } from '../shared/durations.js';
import type { DnsResolver } from '../dns/dns-resolver.js';
import { keyNameOf, keyStateOf } from '../domains/connect/key-publication.js';
import { discoveryOf, templateRegionOf } from '../domains/connect/setup-discoverer.js';
import { serviceIdOf } from '../domains/connect/templates.js';
import type { DomainName } from '../domains/domain-name.js';
import { chooseRegion } from './region-session.js';

/** What is known of the DNS provider of a name. */
export interface ProviderCheck {
  readonly name: string;
  readonly zone: string;
  readonly state: string;
  readonly provider: string;
  readonly page: string;
  readonly template: string;
  readonly key: string;
  /** What has to be done before links are offered for this name. */
  readonly missing: readonly string[];
}

interface Asked {
  readonly name: DomainName;
  readonly region: string | undefined;
}

const DEADLINE = 20 * SECOND;

/** The names under which DNS providers know the operator, whether or not there is a key. @throws ConfigError */
export function connectNamesOf(
  environment: Readonly<Record<string, string | undefined>>,
): ReturnType<typeof domainConnectNames> {
  const given = Object.entries(environment).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return domainConnectNames(parsed.data);
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), message })),
  );
}

/** Runs a discovery as the gateway does, with more time. @throws ConfigError without a key */
export async function checkProvider(
  config: Config,
  resolver: DnsResolver,
  { name, region }: Asked,
): Promise<ProviderCheck> {
  const { domainConnect, baseDomain } = config;
  if (domainConnect === null)
    throw new ConfigError([
      { variable: 'GATEWAY_DOMAIN_CONNECT_KEY_FILE', message: 'required for this command' },
    ]);
  const own = chooseRegion(config, region);
  const serviceId = serviceIdOf(templateRegionOf(own), name.isApex);
  const { ingressAddresses } = own;
  const discovery = discoveryOf({ baseDomain, ingressAddresses }, domainConnect, resolver);
  const signal = AbortSignal.timeout(DEADLINE);
  const cut = await discovery.zoneOf({ ...name, serviceId }, signal);
  const setup =
    cut.state === 'found' ? await discovery.discover(cut.zone, { serviceId }, signal) : null;
  const state = setup?.state ?? 'unknown';
  const keyState = await keyStateOf(domainConnect, resolver);
  return {
    name: name.hostname,
    zone: cut.state === 'found' ? cut.zone : '-',
    state,
    provider: setup?.provider?.id ?? '-',
    page: setup?.syncUrl ?? '-',
    template: serviceId,
    key: keyState,
    missing: [...missingAt(state, serviceId), ...missingKey(domainConnect, keyState)],
  };
}

function missingAt(state: string, serviceId: string): string[] {
  switch (state) {
    case 'available':
      return [];
    case 'no_template':
      return [`the template ${serviceId}, at the DNS provider`];
    case 'unsupported':
      return ['a DNS provider that speaks Domain Connect and is trusted'];
    default:
      return ['an answer of the name servers and of the DNS provider'];
  }
}

function missingKey(names: DomainConnectConfig, keyState: string): string[] {
  return keyState === 'published' ? [] : [`the TXT records of our key at ${keyNameOf(names)}`];
}
