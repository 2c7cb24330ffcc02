import { X509Certificate } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Statement, Statements } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';
import { announce, note } from './certificate-timeline.js';
import type { CertificateSource, LeaseKey } from '../issuance.js';
import { lockIssuance } from './issuance.store.js';
import { KeyVault } from '../key-vault.js';

/** What is served for a name now, its key in clear. Never log it. */
export interface CurrentCertificate {
  readonly chainPem: string;
  readonly privateKeyPem: string;
  readonly notAfter: Date;
}

export interface ServedCertificate {
  readonly chainPem: string;
  readonly ca: string | null;
  /** There was one before it. */
  readonly isRenewal: boolean;
  readonly promotedAt: Date;
  readonly notAfter: Date;
}

export interface Promotion {
  readonly issued: IssuedCertificate;
  readonly source: CertificateSource;
  readonly ca: string | null;
  readonly profile: string | null;
  /** Null: it is not renewed by us. */
  readonly renewAt: Date | null;
  readonly urgentAt: Date | null;
  /** Ask the CA for its renewal window at once. */
  readonly hasAri: boolean;
}

interface CurrentRow {
  readonly version: number;
  readonly chainPem: string;
  readonly sealed: Buffer | null;
  readonly keyVersion: number;
  readonly notAfter: Date;
}

const FIND_CURRENT: Statement = {
  name: 'certificates_find_current',
  text: `
    select version, chain_pem as "chainPem", sealed_private_key as sealed,
      key_version as "keyVersion", not_after as "notAfter"
    from certificates where hostname = $1 and superseded_at is null`,
};

/** A name's certificates, version by version. One of them is current. */
@Injectable()
export class CertificateStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
    private readonly vault: KeyVault,
  ) {}

  /** One query; on the path of a handshake that finds nothing in memory. */
  async findCurrent(hostname: Hostname): Promise<CurrentCertificate | null> {
    const [row] = await this.statements.run<CurrentRow>(FIND_CURRENT, [hostname]);
    if (row === undefined || row.sealed === null) return null;
    const { version, chainPem, sealed, keyVersion, notAfter } = row;
    const place = { kind: 'certificate', name: hostname, version } as const;
    return { chainPem, privateKeyPem: this.vault.open({ sealed, keyVersion }, place), notAfter };
  }

  /** What serves now, without its key: what ARI and revocation go by. */
  async findServed(hostname: Hostname): Promise<ServedCertificate | null> {
    const [row] = await this.dataSource.query<ServedCertificate[]>(
      `select chain_pem as "chainPem", ca, version > 1 as "isRenewal", not_after as "notAfter",
         promoted_at as "promotedAt"
       from certificates where hostname = $1 and superseded_at is null`,
      [hostname],
    );
    return row ?? null;
  }

  /**
   * Key and chain become what the name serves, together or not at all. Check them first.
   * @throws LeaseLostError when another process has taken the issuance over
   */
  promote(lease: LeaseKey, promotion: Promotion): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const { domainId } = await lockIssuance(manager, lease);
      const version = await this.insertCurrent(manager, promotion);
      await becomeActive(manager, promotion);
      const { issued, source, ca } = promotion;
      await note(manager, {
        domainId,
        hostname: issued.hostname,
        type: source === 'uploaded' ? 'uploaded' : 'issued',
        detail: { version, source, ca, notAfter: issued.notAfter.toISOString() },
      });
      await announce(manager, issued.hostname);
      return version;
    });
  }

  /** Supersedes what there is. The version before stays usable; the keys before that are destroyed. */
  private async insertCurrent(manager: EntityManager, promotion: Promotion): Promise<number> {
    const { issued, source, ca, profile } = promotion;
    const { hostname, chainPem, privateKeyPem, notBefore, notAfter } = issued;
    const [last] = await manager.query<{ version: number }[]>(
      'select coalesce(max(version), 0)::int as version from certificates where hostname = $1',
      [hostname],
    );
    const version = (last?.version ?? 0) + 1;
    const key = this.vault.seal(privateKeyPem, { kind: 'certificate', name: hostname, version });
    await manager.query(
      `update certificates set superseded_at = coalesce(superseded_at, now()),
         sealed_private_key = case when version = $2 - 1 then sealed_private_key end,
         destroyed_at = case when version = $2 - 1 then destroyed_at else coalesce(destroyed_at, now()) end
       where hostname = $1 and (superseded_at is null or destroyed_at is null)`,
      [hostname, version],
    );
    await manager.query(
      `insert into certificates (hostname, version, source, ca, profile, chain_pem, sealed_private_key,
         key_version, serial, not_before, not_after)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        hostname,
        version,
        source,
        ca,
        profile,
        chainPem,
        key.sealed,
        key.keyVersion,
        new X509Certificate(chainPem).serialNumber.toLowerCase(),
        notBefore,
        notAfter,
      ],
    );
    await manager.query(
      `delete from certificates
       where hostname = $1 and version < $2 - 1 and not_after < now() - interval '30 days'
         and (revoke_at is null or revoked_at is not null)`,
      [hostname, version],
    );
    return version;
  }
}

async function becomeActive(manager: EntityManager, promotion: Promotion): Promise<void> {
  const { issued, source, renewAt, urgentAt, hasAri } = promotion;
  await manager.query(
    `update issuances set state = 'active', source = $2, ca = null, order_url = null, sealed_key = null,
       key_version = null, order_failures = 0, attempts = 0, held_by = 'none', problem = null,
       not_after = $3::timestamptz, renew_at = $4::timestamptz, urgent_at = $5::timestamptz,
       ari_start = null, ari_end = null, ari_explanation = null,
       ari_poll_at = case when $6 then now() end,
       next_at = case when $6 then now() else least($4::timestamptz, $3::timestamptz) end,
       lease_owner = null, leased_until = null, updated_at = now()
     where hostname = $1`,
    [issued.hostname, source, issued.notAfter, renewAt, urgentAt, hasAri],
  );
}
