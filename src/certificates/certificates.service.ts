import { Injectable } from '@nestjs/common';
import type { Hostname } from '../shared/hostname.js';
import { CertificateRemovalStore } from './stores/certificate-removal.store.js';
import { CertificateUploads, type UploadTarget } from './uploads/certificate-uploads.js';
import { CertificateViewStore } from './stores/certificate-view.store.js';
import { type CertificateView, NO_CERTIFICATE } from './certificate-view.js';
import { ChallengeStore } from './stores/challenge.store.js';
import type { CertificateUpload, UploadRefusal } from './uploads/uploaded-certificate.js';

/** What other rooms may ask about names' certificates, and have done to them. */
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

  /** One query. Names without any are left out: NO_CERTIFICATE. */
  viewMany(hostnames: readonly Hostname[]): Promise<Map<Hostname, CertificateView>> {
    return this.views.find(hostnames);
  }

  /**
   * Serves the upload from now on, on every replica within seconds, and leaves its renewal to its owner. Null: done;
   * else what is wrong with it, and nothing was changed.
   */
  upload(target: UploadTarget, upload: CertificateUpload): Promise<UploadRefusal | null> {
    return this.uploads.upload(target, upload);
  }

  /** Orders one of ours; an uploaded one serves until then. Whether there was one. */
  backToAcme(hostname: Hostname): Promise<boolean> {
    return this.uploads.backToAcme(hostname);
  }

  /** Destroys the name's keys, at once, and stops what is under way. Call it after the claim is gone. */
  removeFor(hostname: Hostname, options: { readonly revoke: boolean }): Promise<void> {
    return this.removal.remove(hostname, options);
  }

  /** What a CA that looks for `token` is to be shown, on any host; null: it is none of ours. */
  findKeyAuthorization(token: string): Promise<string | null> {
    return this.challenges.findKeyAuthorization(token);
  }

  /** What a CA that connects with `acme-tls/1` is to be proven; null: nothing is under way. */
  findAlpnKeyAuthorization(hostname: Hostname): Promise<string | null> {
    return this.challenges.findAlpnKeyAuthorization(hostname);
  }
}
