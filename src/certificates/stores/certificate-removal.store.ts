import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import { requireNextState } from '../certificate-state.js';
import { CertificateEntity } from './certificate.entity.js';
import { announceChange } from '../../domains/claims/domain-changes.js';
import { note } from './certificate-timeline.js';
import { ChallengeEntity } from './challenge.entity.js';
import { IssuanceEntity } from './issuance.entity.js';
import { lockName } from './issuance.store.js';

/** A certificate that its CA must revoke. */
export interface DueRevocation {
  readonly id: string;
  readonly hostname: Hostname;
  readonly ca: string;
  readonly chainPem: string;
}

/** Everything of an issuance that ends with the name's claim. */
const REMOVED = {
  source: 'acme',
  fence: () => 'fence + 1',
  leaseOwner: null,
  leasedUntil: null,
  ca: null,
  orderUrl: null,
  sealedKey: null,
  keyVersion: null,
  orderFailures: 0,
  attempts: 0,
  nextAt: null,
  heldBy: 'none',
  problem: null,
  challengeType: null,
  notAfter: null,
  urgentAt: null,
  isUrgent: true,
  renewAt: null,
  ariStart: null,
  ariEnd: null,
  ariExplanation: null,
  ariPollAt: null,
  updatedAt: () => 'now()',
} as const;

/** Removes what a name has: keys, challenges, the order in progress. Marks certificates for revocation. */
@Injectable()
export class CertificateRemovalStore {
  constructor(private readonly dataSource: DataSource) {}

  /** One transaction. A process that works on the name loses its lease. Writes nothing for a name without issuance. */
  remove(hostname: Hostname, options: { readonly revoke: boolean }): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockName(manager, hostname);
      if (row === null) return;
      await destroyKeys(manager, hostname);
      if (options.revoke) await markForRevocation(manager, hostname);
      await manager.delete(ChallengeEntity, { hostname });
      await endOrders(manager, hostname);
      const state = requireNextState(row.state, 'removed');
      await manager.update(IssuanceEntity, { hostname }, { ...REMOVED, state });
      const { domainId } = row;
      if (row.state !== 'none') {
        await note(manager, { domainId, hostname, type: 'removed', detail: options });
      }
      await announceChange(manager, hostname);
    });
  }

  /**
   * Takes one certificate to revoke; no other process takes it within a minute. An expired certificate needs no
   * revocation. Null: there is none. SQL, since the row is taken with `for update skip locked`.
   */
  async takeRevocation(): Promise<DueRevocation | null> {
    const [[row]] = await this.dataSource.query<[DueRevocation[], number]>(
      `update certificates set revoke_at = now() + interval '1 minute'
       where id = (
         select id from certificates
         where revoke_at <= now() and revoked_at is null and not_after > now() and ca is not null
         order by revoke_at limit 1 for update skip locked
       )
       returning id, hostname, ca, chain_pem as "chainPem"`,
    );
    return row ?? null;
  }

  recordRevocation({ id, hostname, ca }: DueRevocation): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockName(manager, hostname);
      const revoked = { revokedAt: () => 'now()', revokeAt: null };
      await manager.update(CertificateEntity, { id }, revoked);
      if (row === null) return;
      const state = requireNextState(row.state, 'revoked');
      await manager.update(IssuanceEntity, { hostname }, { state });
      await note(manager, { domainId: row.domainId, hostname, type: 'revoked', detail: { ca } });
    });
  }
}

async function destroyKeys(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.update(
    CertificateEntity,
    { hostname },
    {
      sealedPrivateKey: null,
      destroyedAt: () => 'coalesce(destroyed_at, now())',
      supersededAt: () => 'coalesce(superseded_at, now())',
    },
  );
}

async function markForRevocation(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(CertificateEntity)
    .set({ revokeAt: () => 'now()' })
    .where(`hostname = :hostname and source = 'acme'`, { hostname })
    .andWhere('revoked_at is null and not_after > now()')
    .execute();
}

/** AuthorizationEnder deactivates their authorizations. */
async function endOrders(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.query(
    'update acme_orders set deactivate_at = now() where hostname = $1 and deactivate_at is null',
    [hostname],
  );
}
