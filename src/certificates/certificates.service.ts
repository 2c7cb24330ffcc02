import { Injectable } from '@nestjs/common';
import { GATEWAY, type Actor } from '../accounts/activity/activity.js';
import type { Domain } from '../domains/domain.js';
import { isProven } from '../domains/ownership.js';
import type { Hostname } from '../shared/hostname.js';
import { CertificateRemovalStore } from './stores/certificate-removal.store.js';
import { CertificateUploads, type UploadTarget } from './uploads/certificate-uploads.js';
import { CertificateViewStore } from './stores/certificate-view.store.js';
import { type CertificateView, NO_CERTIFICATE } from './certificate-view.js';
import { ChallengeStore } from './stores/challenge.store.js';
import type { CertificateUpload, UploadRefusal } from './uploads/uploaded-certificate.js';

/** What other rooms may ask about names' certificates and do with them. */
@Injectable()
export class CertificatesService {
  constructor(
    private readonly views: CertificateViewStore,
    private readonly uploads: CertificateUploads,
    private readonly removal: CertificateRemovalStore,
    private readonly challenges: ChallengeStore,
  ) {}

  async view(hostname: Hostname): Promise<CertificateView> {
    return (await this.viewMany([hostname])).get(hostname) ?? NO_CERTIFICATE;
  }

  /** One query. Leaves out names without an issuance: show NO_CERTIFICATE for them. */
  viewMany(hostnames: readonly Hostname[]): Promise<Map<Hostname, CertificateView>> {
    return this.views.find(hostnames);
  }

  /** The names among `hostnames` that have no certificate that can be served now. */
  async missingOf(hostnames: readonly Hostname[]): Promise<Hostname[]> {
    if (hostnames.length === 0) return [];
    const views = await this.viewMany(hostnames);
    return hostnames.filter((hostname) => views.get(hostname)?.isServable !== true);
  }

  /**
   * Makes the upload current on every replica within seconds. Its owner renews it.
   * @param actor for the account's activity
   * @returns null when done; else the refusal, and nothing was changed
   */
  upload(
    target: UploadTarget,
    upload: CertificateUpload,
    actor: Actor = GATEWAY,
  ): Promise<UploadRefusal | null> {
    return this.uploads.upload(target, upload, actor);
  }

  /** Orders a certificate; the uploaded one serves until then. @returns false when the current one is not uploaded */
  backToAcme(hostname: Hostname, actor: Actor = GATEWAY): Promise<boolean> {
    return this.uploads.backToAcme(hostname, actor);
  }

  /** Destroys the keys of the names at once and stops their issuance. Call it after the claims were removed. */
  async removeOf(
    claims: readonly Pick<Domain, 'hostname' | 'ownership'>[],
    options: { readonly revoke: boolean },
  ): Promise<void> {
    // An unproven claim has no certificate; a certificate of its name is another account's.
    for (const { hostname } of claims.filter(isProven))
      await this.removal.remove(hostname, options);
  }

  /** The answer to an http-01 challenge, on any host; null: the token is not ours. */
  findKeyAuthorization(token: string): Promise<string | null> {
    return this.challenges.findKeyAuthorization(token);
  }

  /** The TXT values at a claim's label; see ChallengeStore. */
  findDnsValues(label: string): Promise<string[]> {
    return this.challenges.findDnsValues(label);
  }

  /** The key authorization for an `acme-tls/1` handshake; null: no tls-alpn-01 challenge is in progress. */
  findAlpnKeyAuthorization(hostname: Hostname): Promise<string | null> {
    return this.challenges.findAlpnKeyAuthorization(hostname);
  }
}
