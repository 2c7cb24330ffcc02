import { Injectable } from '@nestjs/common';
import { AcmeProblem } from '../../acme/acme-problem.js';
import { Issuers } from '../issuers/issuer.js';
import { CertificateRemovalStore } from '../stores/certificate-removal.store.js';
import { AuthorizationEnder } from './authorization-ender.js';
import { loggerFor } from '../../shared/log-scope.js';

/** Asks the CAs to revoke the certificates that are marked for it. */
@Injectable()
export class CertificateRevoker {
  readonly #logger = loggerFor(CertificateRevoker.name);

  constructor(
    private readonly removal: CertificateRemovalStore,
    private readonly issuers: Issuers,
    private readonly authorizations: AuthorizationEnder,
  ) {}

  /** And ends the authorizations of ended claims. Retries what fails at a later call, until the certificate has expired. */
  async revokeDue(signal?: AbortSignal): Promise<void> {
    await this.#revokeCertificates(signal);
    await this.authorizations.endDue(signal);
  }

  async #revokeCertificates(signal?: AbortSignal): Promise<void> {
    while (signal?.aborted !== true) {
      const due = await this.removal.takeRevocation();
      if (due === null) return;
      const issuer = this.issuers.find(due.ca);
      try {
        if (issuer === null) continue;
        await issuer.revoke(due.chainPem);
        await this.removal.recordRevocation(due);
      } catch (err) {
        if (!(err instanceof AcmeProblem)) throw err;
        const { hostname, ca } = due;
        this.#logger.warn({ hostname, ca, err }, 'certificate revocation failed, will retry');
      }
    }
  }
}
