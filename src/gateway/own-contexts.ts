import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import type { Clock } from '../shared/clock.js';
import type { Logger } from '../shared/logger.js';
import type { HostTable } from './host-table.js';
import type { RegionTls } from './region-tls.js';

interface OwnContextsParts {
  readonly clock: Clock;
  readonly hosts: HostTable;
  readonly tls: RegionTls;
  readonly logger: Logger;
}

/** Issues the certificates of the own hosts on first use and keeps them in memory. */
export function ownContexts(
  authority: CertificateIssuer,
  { clock, hosts, tls, logger }: OwnContextsParts,
): SecureContexts {
  return new SecureContexts(authority, clock, {
    isServable: (hostname) => hosts.isOwn(hostname),
    serversOf: (hostname) => tls.ofOwn(hostname),
    onRenewalFailed: (hostname, err) =>
      logger.error({ hostname, err }, 'certificate renewal failed, will retry'),
  });
}
