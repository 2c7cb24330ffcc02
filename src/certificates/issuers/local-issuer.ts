import type { IssueTask } from '../../acme/issue-steps.js';
import { newOrderProgress } from '../../acme/issue-steps.js';
import type { Clock } from '../../shared/clock.js';
import type { CertificateIssuer } from '../certificate-issuer.js';
import type { Issuer, OrderSteps } from './issuer.js';

/** The local authority as an issuer: one step, no account, no ARI, no revocation. */
export class LocalIssuer implements Issuer {
  readonly name = 'local';
  readonly source = 'local';
  readonly profile = null;
  readonly begin = newOrderProgress;

  /** @param clock the region's; the authority belongs to the process and has the host's */
  constructor(
    private readonly authority: CertificateIssuer,
    private readonly clock: Clock,
  ) {}

  open({ hostname }: IssueTask): Promise<OrderSteps> {
    return Promise.resolve({
      advance: async () => ({
        kind: 'issued',
        certificate: await this.authority.issue(hostname, this.clock.now()),
      }),
    });
  }

  identities(): Promise<[]> {
    return Promise.resolve([]);
  }

  replacesId(): Promise<null> {
    return Promise.resolve(null);
  }

  renewalInfo(): Promise<null> {
    return Promise.resolve(null);
  }

  revoke(): Promise<void> {
    return Promise.resolve();
  }

  deactivate(): Promise<void> {
    return Promise.resolve();
  }

  isReachable(): Promise<boolean> {
    return Promise.resolve(true);
  }

  forgetAccount(): Promise<void> {
    return Promise.resolve();
  }
}
