import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseHostname, type Hostname } from '../shared/hostname.js';
import { LOG_LEVELS } from '../shared/logger.js';
import { NetworkList } from '../shared/network.js';
import { LIMIT_NAMES, limitVariable, type Limit, type LimitName } from './limits.js';
import { parseLimits, type CaLimits } from './acme-limits.js';
import { isDecodable } from './database-url.js';
import type { Region } from './region.js';
import { ROLES } from './role.js';
import { parseRootKeys } from './root-key.js';
import { SYNC_CLAIMS } from './sync-claims.js';

const text = z.string().trim().min(1, 'expected a value');

const PORT_MAX = 65_535;

const port = text
  .regex(/^\d{1,5}$/, 'expected a port number')
  .transform(Number)
  .refine(
    (value) => value >= 1 && value <= PORT_MAX,
    `expected a port number from 1 to ${PORT_MAX}`,
  );

const flag = z
  .enum(['true', 'false'], 'expected true or false')
  .transform((value) => value === 'true');

const logLevel = z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`);

const address = text.refine((value) => isIP(value) !== 0, 'expected an IP address');

const list = text.transform((value) => value.split(',').map((item) => item.trim()));

const region = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,15}$/, 'expected a region name of 2 to 16 lower-case letters and digits')
  .transform((value) => value as Region);

const regions = list
  .pipe(z.array(region))
  .refine((names) => new Set(names).size === names.length, 'expected each region once');

const hostname = text.transform((value, context): Hostname => {
  const parsed = parseHostname(value);
  if (parsed !== null) return parsed;
  context.addIssue('expected a domain name of at least two labels');
  return z.NEVER;
});

/** A name has 253 characters, and those of regions, targets and zones for challenges end with the base domain. */
const BASE_DOMAIN_MAX = 180;

const baseDomain = hostname.refine(
  (name) => name.length <= BASE_DOMAIN_MAX,
  `expected at most ${BASE_DOMAIN_MAX} characters, since other names end with it`,
);

/** RFC 1035 has no limit; more than this many do not fit into the parent's answer. */
const NAME_SERVERS_MAX = 8;

export const nameServers = list
  .pipe(z.array(hostname))
  .refine(
    (names) => new Set(names).size === names.length && names.length <= NAME_SERVERS_MAX,
    `expected each name once, at most ${NAME_SERVERS_MAX}`,
  );

const networks = list.transform((values, context): NetworkList => {
  try {
    return new NetworkList(values);
  } catch {
    context.addIssue('expected addresses or networks such as 10.0.0.0/8, with commas between them');
    return z.NEVER;
  }
});

const httpsUrl = z.url({ protocol: /^https$/, error: 'expected an https:// URL' });

const otlpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' });

const share = text
  .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'expected a number from 0 to 1')
  .transform(Number);

/** `host:port,...`; the port may be left out. An IPv6 address with a port is in brackets. */
const dnsServers = list.refine(
  (servers) => servers.every(isDnsServer),
  'expected addresses such as 127.0.0.1:53 or [::1]:53, with commas between them',
);

function isDnsServer(server: string): boolean {
  if (isIP(server) !== 0) return true;
  const [, v4, v6, digits = '53'] = /^(?:([\d.]+)|\[(.+)\])(?::(\d{1,5}))?$/.exec(server) ?? [];
  const isAddress = v4 === undefined ? isIP(v6 ?? '') === 6 : isIP(v4) === 4;
  return isAddress && Number(digits) >= 1 && Number(digits) <= PORT_MAX;
}

export const syncClaims = z.enum(SYNC_CLAIMS, `expected one of ${SYNC_CLAIMS.join(', ')}`);

export const rootKeys = text.transform((value, context) => {
  try {
    return parseRootKeys(value);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

export const ingressAddresses = list.pipe(z.array(address));

const addresses = ingressAddresses.refine(
  (values) => new Set(values).size === values.length,
  'expected each address once',
);

/** CAs hand out the HMAC key in base64url or in base64; the value is base64url. */
const bindingKey = text
  .regex(/^[A-Za-z0-9_+/-]{16,}={0,2}$/, 'expected the key in base64url, as the CA gave it')
  .transform((value) => Buffer.from(value, 'base64').toString('base64url'));

const limit = text
  .regex(/^\d{1,9}\/\d{1,6}$/, 'expected BURST/SECONDS, such as 300/600')
  .transform((value): Limit => {
    const [burst, seconds] = value.split('/').map(Number);
    return { burst: burst ?? 0, seconds: seconds ?? 0 };
  })
  .refine(({ burst, seconds }) => burst >= 1 && seconds >= 1, 'expected two numbers of at least 1');

const requestLimits = Object.fromEntries(
  LIMIT_NAMES.map((name) => [limitVariable(name), limit.optional()]),
) as Record<`GATEWAY_LIMIT_${LimitName}`, z.ZodOptional<typeof limit>>;
const caLimits = text.transform((value, context): CaLimits => {
  const limits = parseLimits(value);
  if (limits !== null) return limits;
  context.addIssue(
    'expected off, or limits such as orders=280/10800,domain=45/604800,name=3/604800,failures=4/3600 (count/seconds, at most a week)',
  );
  return z.NEVER;
});

const parallel = text
  .regex(/^\d{1,3}$/, 'expected a number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 100, 'expected a number from 1 to 100');

/** More than this many on one machine want several gateways: each holds pools of database connections. */
const WORKERS_MAX = 64;

/** What `auto` means. */
export function workersFor(cores: number): number {
  return Math.min(cores, WORKERS_MAX);
}

const workers = text
  .regex(/^(?:auto|\d{1,3})$/, `expected auto, or a number from 1 to ${WORKERS_MAX}`)
  .transform((value) => (value === 'auto' ? workersFor(availableParallelism()) : Number(value)))
  .refine(
    (value) => value >= 1 && value <= WORKERS_MAX,
    `expected auto, or a number from 1 to ${WORKERS_MAX}`,
  );

const mailAddress = z.email('expected an e-mail address').max(254);

/** `a@example.com` or `Name <a@example.com>`. */
const mailSender = text.transform((value, context) => {
  const [, name, bracketed] = /^([^<>"\p{Cc}]*?)\s*<([^<>]+)>$/u.exec(value) ?? [];
  const parsed = mailAddress.safeParse(bracketed ?? value);
  if (parsed.success) return { name: name?.trim() || null, address: parsed.data };
  context.addIssue('expected an e-mail address, or Name <address>');
  return z.NEVER;
});

// The value has a password: no message may quote it.
const smtpUrl = text.transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isServer =
    url !== null &&
    /^smtps?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    /^\/?$/.test(url.pathname) &&
    url.search + url.hash === '' &&
    (url.username === '') === (url.password === '') &&
    isDecodable(url.username) &&
    isDecodable(url.password);
  if (isServer) return url;
  context.addIssue(
    'expected smtp://HOST:PORT (STARTTLS) or smtps://HOST:PORT, with USER:PASSWORD@ in front of the host or without both; special characters percent-encoded',
  );
  return z.NEVER;
});

/** One label. DNS providers look at `<label>.<domain>`. */
const dnsLabel = text.regex(
  /^_?[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/,
  'expected one label in lower case, such as _dck1',
);

const providerIds = list.refine(
  (ids) => ids.every((id) => /^[A-Za-z0-9._-]{1,128}$/.test(id)),
  'expected ids such as godaddy.com, with commas between them',
);

const acme = {
  DIRECTORY: httpsUrl.optional(),
  EMAIL: z.email('expected an e-mail address').optional(),
  CA_FILE: text.optional(),
  EAB_KID: text.optional(),
  EAB_HMAC: bindingKey.optional(),
  PROFILE: text.optional(),
  LIMITS: caLimits.optional(),
};

/** Every variable that does not depend on a region's name; region-config.ts reads the others. */
export const environmentSchema = z.object({
  GATEWAY_BASE_DOMAIN: baseDomain.prefault('onetime.localhost'),
  GATEWAY_REGIONS: regions.prefault('us,eu'),
  GATEWAY_SERVE_REGIONS: regions.optional(),
  GATEWAY_DEFAULT_REGION: region.optional(),
  GATEWAY_ROLE: z.enum(ROLES, `expected one of ${ROLES.join(', ')}`).prefault('all'),
  GATEWAY_BIND: addresses.prefault('127.0.0.1'),
  GATEWAY_HTTPS_PORT: port.prefault('8443'),
  GATEWAY_HTTP_PORT: port.prefault('8080'),
  GATEWAY_PUBLIC_HTTPS_PORT: port.optional(),
  GATEWAY_OPS_BIND: addresses.prefault('127.0.0.1'),
  GATEWAY_OPS_PORT: port.prefault('9464'),
  GATEWAY_ADMIN_BIND: addresses.prefault('127.0.0.1'),
  GATEWAY_ADMIN_PORT: port.optional(),
  GATEWAY_ADMIN_TLS_CERT_FILE: text.optional(),
  GATEWAY_ADMIN_TLS_KEY_FILE: text.optional(),
  GATEWAY_NAMESERVER_BIND: addresses.optional(),
  GATEWAY_NAMESERVER_PORT: port.optional(),
  GATEWAY_DATA_DIR: text.prefault('.data'),
  GATEWAY_WORKERS: workers.prefault('1'),
  GATEWAY_DNS_SERVERS: dnsServers.optional(),
  GATEWAY_TRUSTED_PROXIES: networks.optional(),
  GATEWAY_PROXY_PROTOCOL_FROM: networks.optional(),
  GATEWAY_PROBE_HTTP_PORT: port.optional(),
  GATEWAY_ALLOW_RESERVED_TLDS: flag.optional(),
  GATEWAY_LOG_LEVEL: logLevel.prefault('info'),
  GATEWAY_LIMITS: z.enum(['on', 'off'], 'expected on or off').prefault('on'),
  ...requestLimits,
  GATEWAY_SIGNUP: z.enum(['open', 'closed'], 'expected open or closed').optional(),
  GATEWAY_SMTP_URL: smtpUrl.optional(),
  GATEWAY_SMTP_CA_FILE: text.optional(),
  GATEWAY_SMTP_PLAIN: flag.optional(),
  GATEWAY_MAIL_FROM: mailSender.optional(),
  GATEWAY_MAIL_BOUNCE: mailAddress.optional(),
  GATEWAY_WEBHOOK_PRIVATE_TARGETS: networks.optional(),
  GATEWAY_UPGRADE_URL: httpsUrl.optional(),
  GATEWAY_BRAND_FILE: text.optional(),
  GATEWAY_OTLP_ENDPOINT: otlpUrl.optional(),
  GATEWAY_OTLP_SHARE: share.optional(),
  GATEWAY_DOMAIN_CONNECT_KEY_FILE: text.optional(),
  GATEWAY_DOMAIN_CONNECT_KEY_LABEL: dnsLabel.optional(),
  GATEWAY_DOMAIN_CONNECT_PROVIDER_ID: hostname.optional(),
  GATEWAY_DOMAIN_CONNECT_PUBLIC_KEY_DOMAIN: hostname.optional(),
  GATEWAY_DOMAIN_CONNECT_PROVIDERS: providerIds.optional(),
  GATEWAY_DOMAIN_CONNECT_PORT: port.optional(),
  GATEWAY_DOMAIN_CONNECT_CA_FILE: text.optional(),
  GATEWAY_ACME_PARALLEL: parallel.prefault('8'),
  GATEWAY_DNS_PERSIST: flag.prefault('false'),
  ...withPrefix('GATEWAY_ACME_', acme),
  ...withPrefix('GATEWAY_ACME2_', acme),
});

/** The parsed variables of environmentSchema. */
export type EnvironmentValues = z.output<typeof environmentSchema>;

type Prefixed<Prefix extends string, Shape> = {
  [Key in keyof Shape as `${Prefix}${string & Key}`]: Shape[Key];
};

function withPrefix<Prefix extends string, Shape extends object>(prefix: Prefix, shape: Shape) {
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [`${prefix}${name}`, schema]),
  ) as Prefixed<Prefix, Shape>;
}
