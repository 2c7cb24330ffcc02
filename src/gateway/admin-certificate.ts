import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import type { AdminTlsFiles } from '../config/admin-tls.js';
import { ConfigError } from '../config/config-error.js';
import type { Hostname } from '../shared/hostname.js';

/** A key and its certificate, which belong together. */
export interface AdminCertificate {
  readonly key: string;
  readonly cert: string;
  readonly leaf: X509Certificate;
}

/** Where the admin listener's certificate comes from. */
export interface AdminCertificateSource {
  /** @param current the certificate in use, which is returned as long as it is to be used */
  load(current: AdminCertificate | null): Promise<AdminCertificate>;
}

/** The files of the configuration, read again each time: whoever renews them replaces them. */
export function certificateFromFiles({ certFile, keyFile }: AdminTlsFiles): AdminCertificateSource {
  return {
    load: async (current) => {
      const [cert, key] = await Promise.all([
        readPem(certFile, 'GATEWAY_ADMIN_TLS_CERT_FILE'),
        readPem(keyFile, 'GATEWAY_ADMIN_TLS_KEY_FILE'),
      ]);
      return current?.cert === cert && current.key === key ? current : checked(cert, key);
    },
  };
}

/** A certificate of the local authority, issued anew with a third of its lifetime left. */
export function certificateFromAuthority(
  authority: CertificateIssuer,
  hostname: Hostname,
): AdminCertificateSource {
  return {
    load: async (current) => {
      if (current !== null && !isDue(current.leaf)) return current;
      const { chainPem, privateKeyPem } = await authority.issue(hostname);
      return checked(chainPem, privateKeyPem);
    },
  };
}

function isDue({ validFromDate, validToDate }: X509Certificate): boolean {
  const third = (validToDate.getTime() - validFromDate.getTime()) / 3;
  return Date.now() >= validToDate.getTime() - third;
}

async function readPem(file: string, variable: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'failed';
    throw new ConfigError([{ variable, message: `${file} cannot be read (${reason})` }]);
  }
}

function checked(cert: string, key: string): AdminCertificate {
  const leaf = parsed('GATEWAY_ADMIN_TLS_CERT_FILE', () => new X509Certificate(cert));
  const privateKey = parsed('GATEWAY_ADMIN_TLS_KEY_FILE', () => createPrivateKey(key));
  if (leaf.checkPrivateKey(privateKey)) return { cert, key, leaf };
  const message = 'expected the private key of the certificate, and it is another';
  throw new ConfigError([{ variable: 'GATEWAY_ADMIN_TLS_KEY_FILE', message }]);
}

/** The error of OpenSSL could quote the file, so it is not passed on. */
function parsed<T>(variable: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new ConfigError([{ variable, message: 'expected a file in PEM' }]);
  }
}
