import type { X509Certificate } from 'node:crypto';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import {
  checkedCertificate,
  loadAdminCertificate,
  type AdminCertificate,
  type AdminTlsFiles,
} from '../config/admin-tls.js';
import type { Hostname } from '../shared/hostname.js';

/** Where the admin listener's certificate comes from. */
export interface AdminCertificateSource {
  /** @param current the certificate in use, which is returned as long as it is to be used */
  load(current: AdminCertificate | null): Promise<AdminCertificate>;
}

/** The files of the configuration, read again each time: whoever renews them replaces them. */
export function certificateFromFiles(files: AdminTlsFiles): AdminCertificateSource {
  return {
    // Async, so that files that cannot be used reject.
    load: async (current) => {
      const loaded = loadAdminCertificate(files);
      return current?.cert === loaded.cert && current.key === loaded.key ? current : loaded;
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
      return checkedCertificate(chainPem, privateKeyPem);
    },
  };
}

function isDue({ validFromDate, validToDate }: X509Certificate): boolean {
  const third = (validToDate.getTime() - validFromDate.getTime()) / 3;
  return Date.now() >= validToDate.getTime() - third;
}
