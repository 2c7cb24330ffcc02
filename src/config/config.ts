import { resolve } from 'node:path';
import { requireHostname, type Hostname } from '../shared/hostname.js';
import type { LogLevel } from '../shared/logger.js';
import { NetworkList } from '../shared/network.js';
import type { AdminTlsFiles } from './admin-tls.js';
import { readAcmeCas, type AcmeCaConfig } from './acme-config.js';
import { ConfigError } from './config-error.js';
import { orphans, type ConfigProblem } from './config-problem.js';
import { environmentSchema, type EnvironmentValues } from './config.schema.js';
import { dataDirProblems } from './data-dir.js';
import { readDomainConnect, type DomainConnectConfig } from './domain-connect-config.js';
import { readMailConfig, type MailConfig } from './mail-config.js';
import { readListeners, type Listener } from './listeners.js';
import { limitsWith, type Limits } from './limits.js';
import { PER_REGION, readRegion, sharedByRegions, type RegionConfig } from './region-config.js';
import type { Region } from './region.js';
import type { Role } from './role.js';

// What this room knows: the environment variables, their rules, and the root keys in the data dir.
// What it must not know: what any other room does with a value.

/** The process's configuration: valid and frozen. */
export interface Config {
  readonly baseDomain: Hostname;
  /** Every region of the fleet, served here or not. */
  readonly fleet: readonly Region[];
  readonly served: readonly RegionConfig[];
  readonly defaultRegion: Region;
  readonly role: Role;
  readonly https: Listener;
  readonly http: Listener;
  readonly ops: Listener;
  /** The operator's API; null: it is off. */
  readonly admin: Listener | null;
  /** Null: the local authority issues the certificate of the admin listener. */
  readonly adminTls: AdminTlsFiles | null;
  /** Answers DNS for delegated challenges; null: this process does not. */
  readonly nameserver: Listener | null;
  /** The port in links; 443 is omitted. */
  readonly publicHttpsPort: number;
  /** Absolute. */
  readonly dataDir: string;
  /** The processes that serve on the same ports. 1: this one, without a supervisor. */
  readonly workers: number;
  readonly trustedProxies: NetworkList;
  /** Peers that must send a PROXY header, and whose header is believed. */
  readonly proxyProtocolFrom: NetworkList;
  /** In the order in which they are tried. Empty: the local authority issues. */
  readonly cas: readonly AcmeCaConfig[];
  /** Concurrent issuances of each region in this process. */
  readonly acmeParallel: number;
  /** Uses dns-persist-01 where a CA offers it and the customer's record stands. */
  readonly dnsPersist: boolean;
  /** `host:port`, for checks of proofs and routing. Empty: the system's name servers. */
  readonly dnsServers: readonly string[];
  /** The port on which a custom domain is probed over HTTP. */
  readonly probeHttpPort: number;
  /** Whether names under `.localhost`, `.test` and `.example` can be custom domains. */
  readonly allowsReservedTlds: boolean;
  /** Addresses that are not public and that webhooks may name all the same. */
  readonly webhookPrivateTargets: NetworkList;
  /** Where a customer gets the plan that has custom domains. Null: the operator changes plans. */
  readonly upgradeUrl: string | null;
  readonly brandFile: string | null;
  /** Null: it is off. */
  readonly domainConnect: DomainConnectConfig | null;
  readonly logLevel: LogLevel;
  readonly mail: MailConfig;
  /** Whether people make accounts by themselves; null: with an embedded database, which is for development. */
  readonly signUp: 'open' | 'closed' | null;
  /** Null: none, for a load test. */
  readonly limits: Limits | null;
  /** Where traces are sent, and the share of them that is; `endpoint` null: none. */
  readonly tracing: { readonly endpoint: string | null; readonly share: number };
}

const HTTP_PORT = 80;
const NAME_LENGTH_MAX = 253;
const TARGET_LABEL_LENGTH = 16;
const RESERVED_TLD = /\.(?:localhost|test|example|invalid)$/;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every `GATEWAY_*` variable. An empty value counts as unset.
 * @throws ConfigError that names each bad variable and what is expected, without keys and passwords
 */
export function readConfig(environment: Environment): Config {
  const variables = variablesIn(environment);
  const values = parseVariables(variables);
  const fleet = values.GATEWAY_REGIONS;
  const names = values.GATEWAY_SERVE_REGIONS ?? fleet;
  const defaultRegion = values.GATEWAY_DEFAULT_REGION ?? (fleet[0] as Region);

  const problems = [
    ...unknownVariables(variables, fleet),
    ...notInFleet('GATEWAY_SERVE_REGIONS', names, fleet),
    ...notInFleet('GATEWAY_DEFAULT_REGION', [defaultRegion], fleet),
    ...longBaseDomain(values.GATEWAY_BASE_DOMAIN, fleet),
    ...orphanedShare(values),
  ];
  const cas = readAcmeCas(values, problems);
  const hasLocalAuthority = cas.length === 0;
  const allowsReservedTlds = values.GATEWAY_ALLOW_RESERVED_TLDS ?? hasLocalAuthority;
  problems.push(...reservedBaseDomain(values.GATEWAY_BASE_DOMAIN, allowsReservedTlds));
  const served = names.map((name) =>
    readRegion(variables, problems, {
      region: name,
      host: requireHostname(`${name}.${values.GATEWAY_BASE_DOMAIN}`),
      addresses: values.GATEWAY_BIND,
      isPublic: !hasLocalAuthority,
    }),
  );
  problems.push(...sharedByRegions(served), ...roleProblems(values, served));
  const listeners = readListeners(values, { hasLocalAuthority, served }, problems);
  const dataDir = resolve(values.GATEWAY_DATA_DIR);
  if (hasEmbedded(served)) problems.push(...dataDirProblems(dataDir));
  const services = servicesIn(values, dataDir, problems);
  if (problems.length > 0) throw new ConfigError(problems);

  return Object.freeze({
    baseDomain: values.GATEWAY_BASE_DOMAIN,
    fleet,
    served,
    defaultRegion,
    ...listeners,
    publicHttpsPort: values.GATEWAY_PUBLIC_HTTPS_PORT ?? values.GATEWAY_HTTPS_PORT,
    dataDir,
    ...networksIn(values),
    cas,
    probeHttpPort:
      values.GATEWAY_PROBE_HTTP_PORT ?? (hasLocalAuthority ? values.GATEWAY_HTTP_PORT : HTTP_PORT),
    allowsReservedTlds,
    ...services,
    ...optionsIn(values),
    ...processIn(values),
  });
}

/** How the outside is reached. Adds to `problems`. */
function servicesIn(
  values: EnvironmentValues,
  dataDir: string,
  problems: ConfigProblem[],
): Pick<Config, 'mail' | 'domainConnect'> {
  return {
    mail: readMailConfig(values, dataDir, problems),
    domainConnect: readDomainConnect(values, problems),
  };
}

function processIn(
  values: EnvironmentValues,
): Pick<Config, 'role' | 'logLevel' | 'workers' | 'acmeParallel' | 'dnsServers' | 'limits'> {
  return {
    acmeParallel: values.GATEWAY_ACME_PARALLEL,
    dnsServers: values.GATEWAY_DNS_SERVERS ?? [],
    limits: values.GATEWAY_LIMITS === 'off' ? null : limitsWith((name) => values[name]),
    role: values.GATEWAY_ROLE,
    logLevel: values.GATEWAY_LOG_LEVEL,
    workers: values.GATEWAY_WORKERS,
  };
}

function optionsIn(
  values: EnvironmentValues,
): Pick<Config, 'signUp' | 'upgradeUrl' | 'brandFile' | 'tracing' | 'dnsPersist'> {
  return {
    dnsPersist: values.GATEWAY_DNS_PERSIST,
    signUp: values.GATEWAY_SIGNUP ?? null,
    upgradeUrl: values.GATEWAY_UPGRADE_URL ?? null,
    brandFile: values.GATEWAY_BRAND_FILE ?? null,
    tracing: {
      endpoint: values.GATEWAY_OTLP_ENDPOINT ?? null,
      share: values.GATEWAY_OTLP_SHARE ?? 1,
    },
  };
}

function hasEmbedded(served: readonly RegionConfig[]): boolean {
  return served.some(({ databaseUrl }) => databaseUrl === null);
}

function orphanedShare(values: EnvironmentValues): ConfigProblem[] {
  const isOrphan =
    values.GATEWAY_OTLP_SHARE !== undefined && values.GATEWAY_OTLP_ENDPOINT === undefined;
  return isOrphan ? orphans(['GATEWAY_OTLP_SHARE'], 'GATEWAY_OTLP_ENDPOINT') : [];
}

function networksIn(
  values: EnvironmentValues,
): Pick<Config, 'trustedProxies' | 'proxyProtocolFrom' | 'webhookPrivateTargets'> {
  const none = new NetworkList([]);
  return {
    trustedProxies: values.GATEWAY_TRUSTED_PROXIES ?? none,
    proxyProtocolFrom: values.GATEWAY_PROXY_PROTOCOL_FROM ?? none,
    webhookPrivateTargets: values.GATEWAY_WEBHOOK_PRIVATE_TARGETS ?? none,
  };
}

/** The embedded database belongs to one process, and the operator's API needs more than the serving login may do. */
function roleProblems(
  { GATEWAY_ROLE: role, GATEWAY_ADMIN_PORT: adminPort }: EnvironmentValues,
  served: readonly RegionConfig[],
): ConfigProblem[] {
  if (role === 'all') return [];
  const variable = 'GATEWAY_ROLE';
  const embedded = served.filter(({ databaseUrl }) => databaseUrl === null);
  const problems = embedded.map(({ region }) => ({
    variable,
    message: `${role} needs a database that processes share: set GATEWAY_DATABASE_URL_${region.toUpperCase()}`,
  }));
  if (role !== 'serve' || adminPort === undefined) return problems;
  const message = "serve has no operator's API: leave GATEWAY_ADMIN_PORT out";
  return [...problems, { variable, message }];
}

/** The `GATEWAY_*` variables that are not empty. */
function variablesIn(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => name.startsWith('GATEWAY_') && value !== '',
    ),
  );
}

/** Every variable that does not depend on a region's name. @throws ConfigError */
function parseVariables(variables: Environment): EnvironmentValues {
  const parsed = environmentSchema.safeParse(variables);
  if (parsed.success) return parsed.data;
  // The first fault of a value is enough: the others follow from it.
  const messages = new Map<string, string>();
  for (const { path, message } of parsed.error.issues) {
    const variable = String(path[0]);
    if (!messages.has(variable)) messages.set(variable, message);
  }
  throw new ConfigError([...messages].map(([variable, message]) => ({ variable, message })));
}

/** Custom domains lead to `LABEL.REGION.ingress.BASE`, a name of at most 253 characters with a label of 16. */
function longBaseDomain(baseDomain: Hostname, fleet: readonly Region[]): ConfigProblem[] {
  const longest = Math.max(...fleet.map((region) => region.length));
  const max = NAME_LENGTH_MAX - TARGET_LABEL_LENGTH - longest - '..ingress.'.length;
  if (baseDomain.length <= max) return [];
  const message = `expected at most ${max} characters, so that the names below it fit`;
  return [{ variable: 'GATEWAY_BASE_DOMAIN', message }];
}

/** The CAs certify the gateway's own hosts too, and no public CA certifies a reserved name (RFC 2606). */
function reservedBaseDomain(baseDomain: Hostname, allowsReservedTlds: boolean): ConfigProblem[] {
  if (allowsReservedTlds || !RESERVED_TLD.test(baseDomain)) return [];
  const message = `no public CA certifies ${baseDomain}; for a CA of your own set GATEWAY_ALLOW_RESERVED_TLDS=true`;
  return [{ variable: 'GATEWAY_BASE_DOMAIN', message }];
}

function unknownVariables(variables: Environment, fleet: readonly Region[]): ConfigProblem[] {
  const known = new Set<string>(Object.keys(environmentSchema.shape));
  for (const region of fleet)
    for (const prefix of PER_REGION) known.add(`${prefix}${region.toUpperCase()}`);
  return Object.keys(variables)
    .filter((variable) => !known.has(variable))
    .map((variable) => ({ variable, message: 'unknown variable' }));
}

function notInFleet(
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
