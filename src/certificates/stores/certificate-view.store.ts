import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import type { CertificateView } from '../certificate-view.js';
import { certificatePlace, KeyVault } from '../key-vault.js';

/** The current certificate's key; null: the name has no certificate, or its key was destroyed. */
interface KeyColumns {
  readonly version: number | null;
  readonly sealed: Buffer | null;
  readonly keyVersion: number | null;
}

type Derived = 'ari' | 'attempts' | 'isServable' | 'isKeyReadable';

interface ViewRow extends Omit<CertificateView, Derived>, KeyColumns {
  readonly hostname: Hostname;
  readonly ariStart: Date | null;
  readonly ariEnd: Date | null;
  readonly ariExplanation: string | null;
  readonly count: number;
  readonly nextAt: Date | null;
  readonly heldBy: CertificateView['attempts']['heldBy'];
  readonly isValid: boolean;
}

// SQL, since it joins two tables into one answer. The next_at of an active certificate is its renewal, not a postponed attempt.
const VIEW = `
  select i.hostname, i.state, coalesce(c.source, i.source) as source, coalesce(c.ca, i.ca) as ca,
    c.profile, c.serial, c.not_before as "notBefore", c.not_after as "notAfter",
    c.promoted_at as "promotedAt", i.renew_at as "renewAfter", i.ari_start as "ariStart",
    i.ari_end as "ariEnd", i.ari_explanation as "ariExplanation", i.attempts as count,
    case when i.state in ('active', 'none', 'revoked') then null else i.next_at end as "nextAt",
    i.held_by as "heldBy", i.problem, coalesce(c.not_after > now(), false) as "isValid",
    c.version, c.sealed_private_key as sealed, c.key_version as "keyVersion"
  from issuances i
  left join certificates c on c.hostname = i.hostname and c.superseded_at is null
  where i.hostname = any($1)`;

@Injectable()
export class CertificateViewStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: KeyVault,
  ) {}

  /** One query. Leaves out names without an issuance. */
  async find(hostnames: readonly Hostname[]): Promise<Map<Hostname, CertificateView>> {
    const rows = await this.dataSource.query<ViewRow[]>(VIEW, [hostnames]);
    return new Map(rows.map((row) => [row.hostname, this.#viewOf(row)]));
  }

  #viewOf(row: ViewRow): CertificateView {
    const { hostname, ariStart, ariEnd, ariExplanation, count, nextAt, heldBy, ...rest } = row;
    const { isValid, version, sealed, keyVersion, ...shown } = rest;
    const hasWindow = ariStart !== null && ariEnd !== null;
    const opens = this.#opens(hostname, { version, sealed, keyVersion });
    return {
      ...shown,
      ari: hasWindow ? { start: ariStart, end: ariEnd, explanation: ariExplanation } : null,
      attempts: { count, nextAt, heldBy },
      isServable: isValid && opens,
      isKeyReadable: version === null || opens,
    };
  }

  /** Tried and not remembered, so that every process says the same, and no more once the root key is back. */
  #opens(hostname: Hostname, { version, sealed, keyVersion }: KeyColumns): boolean {
    if (version === null || sealed === null || keyVersion === null) return false;
    return this.vault.opens({ sealed, keyVersion }, certificatePlace(hostname, version));
  }
}
