import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';
import { orphans, type ConfigProblem } from './config-problem.js';
import type { EnvironmentValues } from './config.schema.js';

/** The files of the admin listener's certificate. */
export interface AdminTlsFiles {
  /** The certificate and its chain, in PEM. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** A key and its certificate, which belong together. */
export interface AdminCertificate {
  readonly key: string;
  readonly cert: string;
  readonly leaf: X509Certificate;
}

const CERT = 'GATEWAY_ADMIN_TLS_CERT_FILE';
const KEY = 'GATEWAY_ADMIN_TLS_KEY_FILE';

/** Null: the local authority issues it, or there is no admin listener. Adds to `problems`. */
export function readAdminTls(
  values: EnvironmentValues,
  hasLocalAuthority: boolean,
  problems: ConfigProblem[],
): AdminTlsFiles | null {
  const { [CERT]: certFile, [KEY]: keyFile, GATEWAY_ADMIN_PORT: port } = values;
  if (port === undefined) {
    const given = ([CERT, KEY] as const).filter((variable) => values[variable] !== undefined);
    problems.push(...orphans(given, 'GATEWAY_ADMIN_PORT'));
    return null;
  }
  if (certFile !== undefined && keyFile !== undefined) {
    const files = { certFile, keyFile };
    problems.push(...faultsOf(files));
    return files;
  }
  if (certFile !== undefined || keyFile !== undefined) {
    const [missing, given] = certFile === undefined ? [CERT, KEY] : [KEY, CERT];
    problems.push({ variable: missing, message: `required with ${given}` });
  } else if (!hasLocalAuthority) {
    const message = 'required with GATEWAY_ADMIN_PORT, since no local authority issues';
    problems.push({ variable: CERT, message });
  }
  return null;
}

/** @throws ConfigError for files that cannot be read, are no PEM, or do not belong together */
export function loadAdminCertificate({ certFile, keyFile }: AdminTlsFiles): AdminCertificate {
  return checkedCertificate(readPem(certFile, CERT), readPem(keyFile, KEY));
}

/** @throws ConfigError as above */
export function checkedCertificate(cert: string, key: string): AdminCertificate {
  const leaf = parsed(CERT, () => new X509Certificate(cert));
  const privateKey = parsed(KEY, () => createPrivateKey(key));
  if (leaf.checkPrivateKey(privateKey)) return { cert, key, leaf };
  const message = 'expected the private key of the certificate, and it is another';
  throw new ConfigError([{ variable: KEY, message }]);
}

function faultsOf(files: AdminTlsFiles): readonly ConfigProblem[] {
  try {
    loadAdminCertificate(files);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function readPem(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'failed';
    throw new ConfigError([{ variable, message: `${file} cannot be read (${reason})` }]);
  }
}

/** The error of OpenSSL could quote the file, so it is not passed on. */
function parsed<T>(variable: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new ConfigError([{ variable, message: 'expected a file in PEM' }]);
  }
}
