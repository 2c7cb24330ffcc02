import type { Hostname } from '../shared/hostname.js';
import type { ConfigProblem } from './config-problem.js';
import { ingressAddresses, nameServers, rootKeys, syncClaims } from './config.schema.js';
import { databaseUrl } from './database-url.js';
import { isAnyAddress } from './listeners.js';
import type { Region } from './region.js';
import type { RootKeys } from './root-key.js';
import type { SyncClaims } from './sync-claims.js';

/** The configuration of one served region. */
export interface RegionConfig {
  readonly region: Region;
  /** `eu.onetime.example` */
  readonly host: Hostname;
  /** Null: the region's database is in the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Null: a key is generated and kept in the data dir. */
  readonly rootKeys: RootKeys | null;
  /** A domain whose name resolves to one of these addresses leads to this region. */
  readonly ingressAddresses: readonly string[];
  /** What claims wait for at the synchronous standby; null: they commit as the server is set. */
  readonly syncClaims: SyncClaims | null;
  /** The names by which the region's gateways answer DNS for delegated challenges; empty: they do not. */
  readonly nameServers: readonly Hostname[];
}

/** The prefixes of the variables that end in a region's name. */
export const PER_REGION = [
  'GATEWAY_DATABASE_URL_',
  'GATEWAY_ROOT_KEY_',
  'GATEWAY_INGRESS_IPS_',
  'GATEWAY_SYNC_CLAIMS_',
  'GATEWAY_NAMESERVERS_',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

interface RegionSeed {
  readonly region: Region;
  readonly host: Hostname;
  /** Of the public listeners. */
  readonly addresses: readonly string[];
  /** Whether a CA issues the certificates: then the listeners must be reachable from the internet. */
  readonly isPublic: boolean;
}

/** Reads one region's variables. Adds to `problems`. */
export function readRegion(
  variables: Environment,
  problems: ConfigProblem[],
  seed: RegionSeed,
): RegionConfig {
  const suffix = seed.region.toUpperCase();
  const read = <T>(prefix: (typeof PER_REGION)[number], schema: SafeSchema<T>): T | null => {
    const variable = `${prefix}${suffix}`;
    if (variables[variable] === undefined) return null;
    const parsed = schema.safeParse(variables[variable]);
    if (parsed.success) return parsed.data;
    problems.push({ variable, message: parsed.error.issues[0]?.message ?? 'not valid' });
    return null;
  };
  const config = {
    region: seed.region,
    host: seed.host,
    databaseUrl: read('GATEWAY_DATABASE_URL_', databaseUrl),
    rootKeys: read('GATEWAY_ROOT_KEY_', rootKeys),
    syncClaims: read('GATEWAY_SYNC_CLAIMS_', syncClaims),
    nameServers: read('GATEWAY_NAMESERVERS_', nameServers) ?? [],
    ingressAddresses:
      read('GATEWAY_INGRESS_IPS_', ingressAddresses) ?? defaultIngress(seed.addresses),
  };
  problems.push(...nameServersInside(config));
  if (
    seed.isPublic &&
    seed.addresses.some(isAnyAddress) &&
    variables[`GATEWAY_INGRESS_IPS_${suffix}`] === undefined
  ) {
    problems.push({
      variable: `GATEWAY_INGRESS_IPS_${suffix}`,
      message: `required with GATEWAY_BIND=${seed.addresses.join(',')}: the addresses that customers' names lead to`,
    });
  }
  if (config.databaseUrl !== null && variables[`GATEWAY_ROOT_KEY_${suffix}`] === undefined) {
    problems.push({
      variable: `GATEWAY_ROOT_KEY_${suffix}`,
      message: `required once GATEWAY_DATABASE_URL_${suffix} is given: 32 random bytes in base64`,
    });
  }
  return config;
}

/** Names inside of the zone would need glue: address records in the parent that have to be kept equal to ours. */
function nameServersInside({ region, host, nameServers: names }: RegionConfig): ConfigProblem[] {
  const zone = `acme.${host}`;
  return names
    .filter((name) => name === zone || name.endsWith(`.${zone}`))
    .map((name) => ({
      variable: `GATEWAY_NAMESERVERS_${region.toUpperCase()}`,
      message: `expected names outside of ${zone}, which they answer for; ${name} is not`,
    }));
}

/** Without a CA, a listener on every address is reached on the loopback addresses. */
function defaultIngress(addresses: readonly string[]): string[] {
  const reached = addresses.flatMap((address) => {
    if (!isAnyAddress(address)) return [address];
    return address === '::' ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
  });
  return [...new Set(reached)];
}

/** The part of a zod schema that is used here. */
interface SafeSchema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { message: string }[] } };
}

/** What a region has of another one: regions share nothing, and a key that is destroyed must be the last of its kind. */
export function sharedByRegions(served: readonly RegionConfig[]): ConfigProblem[] {
  const databases = served.flatMap(({ region, databaseUrl: url }) => {
    if (url === null) return [];
    const { host, pathname } = new URL(url);
    const variable = `GATEWAY_DATABASE_URL_${region.toUpperCase()}`;
    return [{ variable, thing: 'database', value: `${host}${pathname}` }];
  });
  const keys = served.flatMap(({ region, rootKeys: own }) =>
    (own ?? []).map(({ bytes }) => ({
      variable: `GATEWAY_ROOT_KEY_${region.toUpperCase()}`,
      thing: 'key',
      value: bytes.toString('hex'),
    })),
  );
  const seen = new Set<string>();
  return [...databases, ...keys].flatMap(({ variable, thing, value }) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [
      { variable, message: `expected a ${thing} of the region's own; it is another region's` },
    ];
  });
}
