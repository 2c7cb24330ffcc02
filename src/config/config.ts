import { resolve } from 'node:path';
import { requireHostname, type Hostname } from '../shared/hostname.js';
import { NetworkList } from '../shared/network.js';
import { databaseUrl, environmentSchema, ingressAddresses, rootKeys } from './config.schema.js';
import type { Region } from './region.js';
import type { RootKeys } from './root-key.js';

/** What one cell may know of the configuration: its own region's data and nothing of another's. */
export interface RegionConfig {
  readonly region: Region;
  /** `eu.onetime.example` */
  readonly host: Hostname;
  /** Null: this region's database lives in the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Null: generated into the data dir. */
  readonly rootKeys: RootKeys | null;
  readonly ingressAddresses: readonly string[];
}

export interface Listener {
  readonly bind: string;
  readonly port: number;
}

/** The process's configuration, frozen and valid. */
export interface Config {
  readonly baseDomain: Hostname;
  /** Every region of the fleet, served here or not. */
  readonly fleet: readonly Region[];
  readonly served: readonly RegionConfig[];
  readonly defaultRegion: Region;
  readonly https: Listener;
  readonly http: Listener;
  readonly ops: Listener;
  /** Written into links; 443 writes none. */
  readonly publicHttpsPort: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly trustedProxies: NetworkList;
}

/** One thing wrong with one variable. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    this.name = 'ConfigError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const PER_REGION = ['GATEWAY_DATABASE_URL_', 'GATEWAY_ROOT_KEY_', 'GATEWAY_INGRESS_IPS_'] as const;

/**
 * Reads every `GATEWAY_*` variable. An empty value counts as unset.
 * @throws ConfigError that names each bad variable and what is expected; it never repeats a key or a password
 */
export function readConfig(environment: Environment): Config {
  const variables = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => name.startsWith('GATEWAY_') && value !== '',
    ),
  );
  const problems: ConfigProblem[] = [];
  const parsed = environmentSchema.safeParse(variables);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      problems.push({ variable: String(issue.path[0]), message: issue.message });
    }
    throw new ConfigError(problems);
  }
  const values = parsed.data;
  const fleet = values.GATEWAY_REGIONS;
  const names = values.GATEWAY_SERVE_REGIONS ?? fleet;
  const defaultRegion = values.GATEWAY_DEFAULT_REGION ?? (fleet[0] as Region);

  problems.push(...unknownVariables(variables, fleet));
  problems.push(...strangers('GATEWAY_SERVE_REGIONS', names, fleet));
  problems.push(...strangers('GATEWAY_DEFAULT_REGION', [defaultRegion], fleet));
  if (values.GATEWAY_ACME_DIRECTORY !== undefined || values.GATEWAY_ACME2_DIRECTORY !== undefined) {
    problems.push({
      variable: 'GATEWAY_ACME_DIRECTORY',
      message: 'this version issues from its local authority only; leave it unset',
    });
  }
  const served = names.map((name) =>
    readRegion(variables, problems, {
      region: name,
      host: requireHostname(`${name}.${values.GATEWAY_BASE_DOMAIN}`),
      bind: values.GATEWAY_BIND,
    }),
  );
  problems.push(...sharedDatabases(served));
  if (problems.length > 0) throw new ConfigError(problems);

  return Object.freeze({
    baseDomain: values.GATEWAY_BASE_DOMAIN,
    fleet,
    served,
    defaultRegion,
    https: { bind: values.GATEWAY_BIND, port: values.GATEWAY_HTTPS_PORT },
    http: { bind: values.GATEWAY_BIND, port: values.GATEWAY_HTTP_PORT },
    ops: { bind: values.GATEWAY_OPS_BIND, port: values.GATEWAY_OPS_PORT },
    publicHttpsPort: values.GATEWAY_PUBLIC_HTTPS_PORT ?? values.GATEWAY_HTTPS_PORT,
    dataDir: resolve(values.GATEWAY_DATA_DIR),
    trustedProxies: values.GATEWAY_TRUSTED_PROXIES ?? new NetworkList([]),
  });
}

interface RegionSeed {
  readonly region: Region;
  readonly host: Hostname;
  readonly bind: string;
}

function readRegion(
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
    ingressAddresses: read('GATEWAY_INGRESS_IPS_', ingressAddresses) ?? [seed.bind],
  };
  if (config.databaseUrl !== null && variables[`GATEWAY_ROOT_KEY_${suffix}`] === undefined) {
    problems.push({
      variable: `GATEWAY_ROOT_KEY_${suffix}`,
      message: `required once GATEWAY_DATABASE_URL_${suffix} is given: 32 random bytes in base64`,
    });
  }
  return config;
}

/** As much of a zod schema as is needed here. */
interface SafeSchema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { message: string }[] } };
}

function unknownVariables(variables: Environment, fleet: readonly Region[]): ConfigProblem[] {
  const known = new Set<string>(Object.keys(environmentSchema.shape));
  for (const region of fleet)
    for (const prefix of PER_REGION) known.add(`${prefix}${region.toUpperCase()}`);
  return Object.keys(variables)
    .filter((variable) => !known.has(variable))
    .map((variable) => ({ variable, message: 'unknown variable' }));
}

function strangers(
  variable: string,
  names: readonly Region[],
  fleet: readonly Region[],
): ConfigProblem[] {
  return names
    .filter((name) => !fleet.includes(name))
    .map((name) => ({
      variable,
      message: `${name} is not one of GATEWAY_REGIONS (${fleet.join(', ')})`,
    }));
}

/** Regions share nothing, least of all a database. */
function sharedDatabases(served: readonly RegionConfig[]): ConfigProblem[] {
  const seen = new Set<string>();
  return served.flatMap(({ region, databaseUrl: url }) => {
    if (url === null) return [];
    const { host, pathname } = new URL(url);
    const place = `${host}${pathname}`;
    if (!seen.has(place)) {
      seen.add(place);
      return [];
    }
    return [
      {
        variable: `GATEWAY_DATABASE_URL_${region.toUpperCase()}`,
        message: "expected a database of the region's own; it is another region's",
      },
    ];
  });
}
