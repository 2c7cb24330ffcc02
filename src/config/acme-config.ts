import { defaultLimits, type CaLimits } from './acme-limits.js';
import { orphans, type ConfigProblem } from './config-problem.js';
import type { EnvironmentValues } from './config.schema.js';
import { readRoots } from './roots-file.js';

/** An ACME CA that issues this gateway's certificates. */
export interface AcmeCaConfig {
  /** Host and port of the directory URL. The database keeps everything about the CA under this name. */
  readonly name: string;
  readonly directoryUrl: string;
  readonly email: string | null;
  /** PEM file of the roots for the TLS of the CA's servers; null: the system's roots. */
  readonly caFile: string | null;
  /** External account binding; `hmacKey` in base64url. Never log it. */
  readonly eab: { readonly kid: string; readonly hmacKey: string } | null;
  /** The ACME profile to order, where the CA offers it; null: the CA's default. */
  readonly profile: string | null;
  readonly limits: CaLimits;
}

const PREFIXES = ['GATEWAY_ACME_', 'GATEWAY_ACME2_'] as const;
const DETAILS = ['EMAIL', 'CA_FILE', 'EAB_KID', 'EAB_HMAC', 'PROFILE', 'LIMITS'] as const;

type Prefix = (typeof PREFIXES)[number];

/** The CAs in the order in which they are tried. Empty: the local authority issues. Adds to `problems`. */
export function readAcmeCas(values: EnvironmentValues, problems: ConfigProblem[]): AcmeCaConfig[] {
  const cas = PREFIXES.map((prefix) => readCa(prefix, values, problems));
  const [first, second] = cas;
  if (second != null && first == null) {
    const message =
      'required once GATEWAY_ACME2_DIRECTORY is given: the second CA stands in for it';
    problems.push({ variable: 'GATEWAY_ACME_DIRECTORY', message });
  }
  if (second != null && first?.name === second.name) {
    const message = `expected another CA than GATEWAY_ACME_DIRECTORY's, ${second.name}`;
    problems.push({ variable: 'GATEWAY_ACME2_DIRECTORY', message });
  }
  return cas.filter((ca) => ca !== null);
}

function readCa(
  prefix: Prefix,
  values: EnvironmentValues,
  problems: ConfigProblem[],
): AcmeCaConfig | null {
  const directoryUrl = values[`${prefix}DIRECTORY`];
  const given = DETAILS.filter((detail) => values[`${prefix}${detail}`] !== undefined);
  if (directoryUrl === undefined) {
    const variables = given.map((detail) => `${prefix}${detail}`);
    problems.push(...orphans(variables, `${prefix}DIRECTORY`));
    return null;
  }
  const caFile = values[`${prefix}CA_FILE`] ?? null;
  if (caFile !== null) readRoots(`${prefix}CA_FILE`, caFile, problems);
  return {
    name: new URL(directoryUrl).host,
    directoryUrl,
    email: values[`${prefix}EMAIL`] ?? null,
    caFile,
    eab: readBinding(prefix, values, problems),
    profile: values[`${prefix}PROFILE`] ?? null,
    limits: values[`${prefix}LIMITS`] ?? defaultLimits(directoryUrl),
  };
}

function readBinding(
  prefix: Prefix,
  values: EnvironmentValues,
  problems: ConfigProblem[],
): AcmeCaConfig['eab'] {
  const kid = values[`${prefix}EAB_KID`];
  const hmacKey = values[`${prefix}EAB_HMAC`];
  if (kid !== undefined && hmacKey !== undefined) return { kid, hmacKey };
  if (kid !== undefined || hmacKey !== undefined) {
    const [missing, given] = kid === undefined ? ['EAB_KID', 'EAB_HMAC'] : ['EAB_HMAC', 'EAB_KID'];
    const message = `required together with ${prefix}${given}`;
    problems.push({ variable: `${prefix}${missing}`, message });
  }
  return null;
}
