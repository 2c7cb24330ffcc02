import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import type { DomainId } from '../../domains/domain.js';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../shared/clock.js';
import { DAY } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateStore } from '../stores/certificate.store.js';
import { IssuanceStore } from '../stores/issuance.store.js';
import {
  type CertificateUpload,
  readUploadedCertificate,
  uploadProblem,
  type UploadRefusal,
} from './uploaded-certificate.js';

/** The proven claim that an uploaded certificate belongs to. */
export interface UploadTarget {
  readonly hostname: Hostname;
  readonly domainId: DomainId;
  readonly registrableDomain: string;
}

const WARNING = 30 * DAY;

/** Certificates that customers upload and renew themselves. */
@Injectable()
export class CertificateUploads {
  constructor(
    private readonly issuances: IssuanceStore,
    private readonly certificates: CertificateStore,
    private readonly clock: Clock,
  ) {}

  /** Null: the upload is current. Else it is shown as an issue of the domain, and nothing else was changed. */
  async upload(
    target: UploadTarget,
    upload: CertificateUpload,
    actor: Actor = GATEWAY,
  ): Promise<UploadRefusal | null> {
    const { hostname, domainId, registrableDomain } = target;
    const read = readUploadedCertificate(hostname, upload, this.clock.now());
    if (!read.ok) {
      await this.issuances.recordRefusedUpload(target, uploadProblem(read.refusal));
      return read.refusal;
    }
    const { certificate: issued } = read;
    const lease = await this.issuances.seize(hostname, domainId, registrableDomain);
    await this.certificates.promote(lease, {
      issued,
      source: 'uploaded',
      ca: null,
      profile: null,
      renewAt: warningInstant(issued.notBefore, issued.notAfter),
      urgentAt: null,
      hasAri: false,
      actor,
    });
    return null;
  }

  backToAcme(hostname: Hostname, actor: Actor = GATEWAY): Promise<boolean> {
    return this.issuances.backToAcme(hostname, actor);
  }
}

/** 30 days before the end, or with a third of the lifetime left if that is later. */
function warningInstant(notBefore: Date, notAfter: Date): Date {
  const third = (notAfter.getTime() - notBefore.getTime()) / 3;
  return new Date(notAfter.getTime() - Math.min(WARNING, third));
}
