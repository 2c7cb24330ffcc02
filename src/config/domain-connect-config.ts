import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { orphans, type ConfigProblem } from './config-problem.js';
import type { EnvironmentValues } from './config.schema.js';
import { readRoots } from './roots-file.js';

/** How customers' DNS providers are asked to make the records of a domain. */
export interface DomainConnectConfig {
  /** Signs the links. Never log it. */
  readonly key: KeyObject;
  /** The public key is at `<keyLabel>.<publicKeyDomain>`. */
  readonly keyLabel: string;
  readonly publicKeyDomain: string;
  /** Under which the templates are registered. */
  readonly providerId: string;
  /** The ids of the DNS providers that are trusted; null: all. */
  readonly providers: readonly string[] | null;
  /** Of the DNS providers' servers: 443. Another one is for tests, with providers on the gateway's own addresses. */
  readonly port: number;
  /** PEM of the roots for their certificates; null: the system's. */
  readonly roots: string | null;
}

export const HTTPS_PORT = 443;

const KEY_FILE = 'GATEWAY_DOMAIN_CONNECT_KEY_FILE';
const BITS_MIN = 2048;
const BITS_MAX = 4096;

const DETAILS = [
  'GATEWAY_DOMAIN_CONNECT_KEY_LABEL',
  'GATEWAY_DOMAIN_CONNECT_PROVIDER_ID',
  'GATEWAY_DOMAIN_CONNECT_PUBLIC_KEY_DOMAIN',
  'GATEWAY_DOMAIN_CONNECT_PROVIDERS',
  'GATEWAY_DOMAIN_CONNECT_PORT',
  'GATEWAY_DOMAIN_CONNECT_CA_FILE',
] as const;
const FOR_TESTS = ['GATEWAY_DOMAIN_CONNECT_PORT', 'GATEWAY_DOMAIN_CONNECT_CA_FILE'] as const;

/** Null: Domain Connect is off. Adds to `problems`. */
export function readDomainConnect(
  values: EnvironmentValues,
  problems: ConfigProblem[],
): DomainConnectConfig | null {
  const keyFile = values[KEY_FILE];
  if (keyFile === undefined) {
    const given = DETAILS.filter((variable) => values[variable] !== undefined);
    problems.push(...orphans(given, KEY_FILE));
    return null;
  }
  if (values.GATEWAY_ACME_DIRECTORY !== undefined) {
    const given = FOR_TESTS.filter((variable) => values[variable] !== undefined);
    const message = 'for tests only: leave it out with a CA';
    problems.push(...given.map((variable) => ({ variable, message })));
  }
  const key = readKey(keyFile);
  if (typeof key === 'string') {
    problems.push({ variable: KEY_FILE, message: key });
    return null;
  }
  const roots = values.GATEWAY_DOMAIN_CONNECT_CA_FILE;
  return {
    key,
    ...domainConnectNames(values),
    providers: values.GATEWAY_DOMAIN_CONNECT_PROVIDERS ?? null,
    port: values.GATEWAY_DOMAIN_CONNECT_PORT ?? HTTPS_PORT,
    roots:
      roots === undefined ? null : readRoots('GATEWAY_DOMAIN_CONNECT_CA_FILE', roots, problems),
  };
}

/** The names under which the operator is known to DNS providers. */
export function domainConnectNames(
  values: EnvironmentValues,
): Pick<DomainConnectConfig, 'keyLabel' | 'publicKeyDomain' | 'providerId'> {
  return {
    keyLabel: values.GATEWAY_DOMAIN_CONNECT_KEY_LABEL ?? '_dck1',
    publicKeyDomain: values.GATEWAY_DOMAIN_CONNECT_PUBLIC_KEY_DOMAIN ?? values.GATEWAY_BASE_DOMAIN,
    providerId: values.GATEWAY_DOMAIN_CONNECT_PROVIDER_ID ?? values.GATEWAY_BASE_DOMAIN,
  };
}

/** The key, or what is wrong with the file. */
export function readKey(path: string): KeyObject | string {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch {
    return 'expected a readable PEM file with a private key; "gateway domain-connect key" makes one';
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const isRsa = key.asymmetricKeyType === 'rsa' && bits >= BITS_MIN && bits <= BITS_MAX;
  return isRsa ? key : `expected an RSA key of ${BITS_MIN} to ${BITS_MAX} bits`;
}
