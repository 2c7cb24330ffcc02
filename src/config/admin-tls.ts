import type { ConfigProblem } from './config-problem.js';
import type { EnvironmentValues } from './config.schema.js';

/** The files of the admin listener's certificate. */
export interface AdminTlsFiles {
  /** The certificate and its chain, in PEM. */
  readonly certFile: string;
  readonly keyFile: string;
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
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  if (certFile !== undefined || keyFile !== undefined) {
    const [missing, given] = certFile === undefined ? [CERT, KEY] : [KEY, CERT];
    problems.push({ variable: missing, message: `required with ${given}` });
  } else if (port !== undefined && !hasLocalAuthority) {
    const message = 'required with GATEWAY_ADMIN_PORT, since no local authority issues';
    problems.push({ variable: CERT, message });
  }
  return null;
}
