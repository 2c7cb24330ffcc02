import { Injectable } from '@nestjs/common';
import { Clock } from '../../shared/clock.js';
import { AcmeProblem } from '../../acme/acme-problem.js';
import type { RenewalInfo } from '../../acme/acme-objects.js';
import { CertificateStore, type ServedCertificate } from '../stores/certificate.store.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import { Issuers } from '../issuers/issuer.js';
import {
  instantInWindow,
  isSameWindow,
  nextPollSeconds,
  withinReason,
} from '../renewal-schedule.js';

/** Polls the issuing CA for its suggested renewal window (ARI, RFC 9773). */
@Injectable()
export class RenewalWatch {
  constructor(
    private readonly issuers: Issuers,
    private readonly certificates: CertificateStore,
    private readonly clock: Clock,
  ) {}

  /** Ends the lease until the renewal or the next poll, whichever comes first. */
  async poll(lease: IssuanceLease): Promise<void> {
    const served = await this.certificates.findServed(lease.row.hostname);
    const issuer = this.issuers.find(served?.ca ?? null);
    try {
      const info = served === null ? null : await issuer?.renewalInfo(served.chainPem);
      if (served !== null && info) return await this.#adopt(lease, served, info);
      await lease.release({ asScheduled: true, ariPollInSeconds: nextPollSeconds(null) });
    } catch (error) {
      // Without a window, the renewal planned from the certificate's dates stays.
      if (!(error instanceof AcmeProblem)) throw error;
      const ariPollInSeconds = nextPollSeconds(error.retryAfterSeconds);
      await lease.release({ asScheduled: true, ariPollInSeconds });
    }
  }

  async #adopt(lease: IssuanceLease, served: ServedCertificate, info: RenewalInfo): Promise<void> {
    const { ariStart, ariEnd } = lease.row;
    const { start, end, explanationUrl } = info;
    const ariPollInSeconds = nextPollSeconds(info.retryAfterSeconds);
    const due = { asScheduled: true, ariPollInSeconds } as const;
    const known = ariStart === null || ariEnd === null ? null : { start: ariStart, end: ariEnd };
    if (isSameWindow(known, info)) return lease.release(due);
    const now = this.clock.now();
    const suggested = instantInWindow(info, now, Math.random);
    const isUrged = start <= now || explanationUrl !== null;
    const change = {
      renewAt: withinReason(suggested, { ...served, isUrged }),
      ariStart: start,
      ariEnd: end,
      ariExplanation: explanationUrl,
    };
    // A CA gives an explanation when it will revoke the certificate, as a rule.
    const event = { type: 'renewal_advised', detail: { start, end, explanation: explanationUrl } };
    await lease.release(due, change, explanationUrl === null ? null : event);
  }
}
