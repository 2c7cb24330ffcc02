import { X509Certificate } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan } from 'typeorm';
import type { Actor } from '../../accounts/activity/activity.js';
import { CellConfig } from '../../config/cell-config.js';
import { type Statement, Statements } from '../../database/statements.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';
import type { ServedCertificateRow } from '../../domains/serving/served-domain.js';
import type { Hostname } from '../../shared/hostname.js';
import { loggerFor } from '../../shared/log-scope.js';
import type { CertificateSource, LeaseKey } from '../issuance.js';
import { certificatePlace, KeyVault } from '../key-vault.js';
import { CertificateEntity } from './certificate.entity.js';
import { announceChange } from '../../domains/claims/domain-changes.js';
import { note } from './certificate-timeline.js';
import { IssuanceEntity } from './issuance.entity.js';
import { lockIssuance } from './issuance.store.js';

/** The certificate that a name serves, with its key in clear. Never log it. */
export interface CurrentCertificate {
  readonly chainPem: string;
  readonly privateKeyPem: string;
  readonly notAfter: Date;
}

export interface ServedCertificate {
  readonly chainPem: string;
  readonly ca: string | null;
  /** The name had an earlier certificate. */
  readonly isRenewal: boolean;
  readonly promotedAt: Date;
  readonly notAfter: Date;
}

export interface Promotion {
  readonly issued: IssuedCertificate;
  readonly source: CertificateSource;
  readonly ca: string | null;
  readonly profile: string | null;
  /** When the renewal is due, or the warning for an uploaded certificate; null: never. */
  readonly renewAt: Date | null;
  readonly urgentAt: Date | null;
  /** Makes the first ARI poll due now. */
  readonly hasAri: boolean;
  /** Who uploaded it. */
  readonly actor?: Actor;
}

// A statement, since it is on the path of every handshake that misses the cache.
const FIND_CURRENT: Statement = {
  name: 'certificates_find_current',
  text: `
    select version, chain_pem as "chainPem", sealed_private_key as sealed,
      key_version as "keyVersion", not_after as "notAfter"
    from certificates where hostname = $1 and superseded_at is null`,
};

// Uploaded certificates are their owner's to renew. A version of the root key that this process has not may be another
// process's in a rotation, so it counts as lost only once it was given up.
const RENEW_UNREADABLE: Statement = {
  name: 'issuances_renew_unreadable',
  text: `
    update issuances i set renew_at = now(), next_at = now(), is_urgent = true
    where hostname = any($1) and source <> 'uploaded' and renew_at > now() and exists (
      select from certificates c
      where c.hostname = i.hostname and c.superseded_at is null and case
        when c.key_version = any($2::int[]) then $3
        else not exists (select from root_key_checks k where k.version = c.key_version and k.is_in_use)
      end
    )
    returning hostname`,
};

/** A name's certificates, version by version. At most one is current. */
@Injectable()
export class CertificateStore {
  readonly #logger = loggerFor(CertificateStore.name);

  /** Absent where a test makes the store itself. */
  @Optional()
  @Inject(CellConfig)
  private readonly cell?: Pick<CellConfig, 'role'>;

  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
    private readonly vault: KeyVault,
  ) {}

  async findCurrent(hostname: Hostname): Promise<CurrentCertificate | null> {
    const [row] = await this.statements.run<ServedCertificateRow>(FIND_CURRENT, [hostname]);
    return row === undefined ? null : this.open(hostname, row);
  }

  /** The certificate of a row that was read; null when its key was destroyed. */
  async open(hostname: Hostname, row: ServedCertificateRow): Promise<CurrentCertificate | null> {
    if (row.sealed === null) return null;
    const { version, chainPem, sealed, keyVersion, notAfter } = row;
    const place = certificatePlace(hostname, version);
    try {
      return { chainPem, privateKeyPem: this.vault.open({ sealed, keyVersion }, place), notAfter };
    } catch (error) {
      await this.#renew([hostname], error);
      throw error;
    }
  }

  /** Makes the renewals due of those among `hostnames` whose private key was sealed under a root key that was given up. */
  async renewLost(hostnames: readonly Hostname[]): Promise<void> {
    await this.#renew(hostnames, null);
  }

  /** @param seen what the attempt to open the keys threw; null: none was made. A configured root key opens all but damaged ones */
  async #renew(hostnames: readonly Hostname[], seen: unknown): Promise<void> {
    // A process that only serves orders nothing: another one finds it too.
    if (this.cell?.role === 'serve') return;
    const values = [hostnames, this.vault.versions, seen !== null];
    const renewed = await this.statements.run<{ hostname: Hostname }>(RENEW_UNREADABLE, values);
    for (const { hostname } of renewed)
      this.#logger.error(
        { hostname, ...(seen !== null && { err: seen }) },
        'the key of the certificate does not open, ordering anew',
      );
  }

  /** The current certificate without its key, for ARI and `replaces`. */
  async findServed(hostname: Hostname): Promise<ServedCertificate | null> {
    const row = await this.dataSource.manager.findOne(CertificateEntity, {
      select: {
        id: true,
        chainPem: true,
        ca: true,
        version: true,
        promotedAt: true,
        notAfter: true,
      },
      where: { hostname, supersededAt: IsNull() },
    });
    if (row === null) return null;
    const { chainPem, ca, version, promotedAt, notAfter } = row;
    return { chainPem, ca, isRenewal: version > 1, promotedAt, notAfter };
  }

  /**
   * Makes key and chain the name's current certificate, in one transaction. Check them first.
   * @returns the version
   * @throws LeaseLostError when another process has taken the name
   */
  async promote(lease: LeaseKey, promotion: Promotion): Promise<number> {
    const { issued, source, ca, actor } = promotion;
    const { hostname, notAfter } = issued;
    const version = await this.dataSource.transaction(async (manager) => {
      const { domainId } = await lockIssuance(manager, lease);
      const inserted = await this.#insertCurrent(manager, promotion);
      await becomeActive(manager, promotion);
      await note(manager, {
        domainId,
        hostname: issued.hostname,
        type: source === 'uploaded' ? 'uploaded' : 'issued',
        detail: { version: inserted, source, ca, notAfter: issued.notAfter.toISOString() },
        actor,
      });
      await announceChange(manager, issued.hostname);
      return inserted;
    });
    this.#logger.info({ hostname, ca, source, version, notAfter }, messageOf(source, version));
    return version;
  }

  async #insertCurrent(manager: EntityManager, promotion: Promotion): Promise<number> {
    const { issued, source, ca, profile } = promotion;
    const { hostname, chainPem, privateKeyPem, notBefore, notAfter } = issued;
    const last = await manager.maximum(CertificateEntity, 'version', { hostname });
    const version = (last ?? 0) + 1;
    await supersede(manager, hostname, version);
    const key = this.vault.seal(privateKeyPem, certificatePlace(hostname, version));
    await manager.insert(CertificateEntity, {
      hostname,
      version,
      source,
      ca,
      profile,
      chainPem,
      sealedPrivateKey: key.sealed,
      keyVersion: key.keyVersion,
      serial: new X509Certificate(chainPem).serialNumber.toLowerCase(),
      notBefore,
      notAfter,
    });
    await deleteOld(manager, hostname, version);
    return version;
  }
}

function messageOf(source: CertificateSource, version: number): string {
  if (source === 'uploaded') return 'certificate uploaded';
  return version === 1 ? 'certificate issued' : 'certificate renewed';
}

/** The version before stays usable; the keys before that are destroyed. */
async function supersede(manager: EntityManager, hostname: Hostname, by: number): Promise<void> {
  const current = { hostname, supersededAt: IsNull() };
  await manager.update(CertificateEntity, current, { supersededAt: () => 'now()' });
  await manager.update(
    CertificateEntity,
    { hostname, version: LessThan(by - 1), destroyedAt: IsNull() },
    { sealedPrivateKey: null, destroyedAt: () => 'now()' },
  );
}

async function deleteOld(manager: EntityManager, hostname: Hostname, by: number): Promise<void> {
  await manager
    .createQueryBuilder()
    .delete()
    .from(CertificateEntity)
    .where('hostname = :hostname and version < :by - 1', { hostname, by })
    .andWhere(`not_after < now() - interval '30 days'`)
    .andWhere('(revoke_at is null or revoked_at is not null)')
    .execute();
}

async function becomeActive(manager: EntityManager, promotion: Promotion): Promise<void> {
  const { issued, source, renewAt, urgentAt, hasAri } = promotion;
  const { hostname, notAfter } = issued;
  await manager.update(
    IssuanceEntity,
    { hostname },
    {
      state: 'active',
      source,
      ca: null,
      orderUrl: null,
      sealedKey: null,
      keyVersion: null,
      orderFailures: 0,
      attempts: 0,
      heldBy: 'none',
      problem: null,
      notAfter,
      renewAt,
      urgentAt,
      isUrgent: urgentAt === null,
      ariStart: null,
      ariEnd: null,
      ariExplanation: null,
      ariPollAt: hasAri ? () => 'now()' : null,
      nextAt: hasAri ? () => 'now()' : earliest(renewAt, notAfter),
      leaseOwner: null,
      leasedUntil: null,
      updatedAt: () => 'now()',
    },
  );
}

function earliest(renewAt: Date | null, notAfter: Date): Date {
  return renewAt !== null && renewAt < notAfter ? renewAt : notAfter;
}
