import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import { requireNextState } from '../certificate-state.js';
import { announce, note } from './certificate-timeline.js';
import { lockName } from './issuance.store.js';

/** A certificate that its CA is to be told to revoke. */
export interface DueRevocation {
  readonly id: string;
  readonly hostname: Hostname;
  readonly ca: string;
  readonly chainPem: string;
}

/** Ends what a name had: keys, challenges, the order under way. Revocation is work for later, and not forgotten. */
@Injectable()
export class CertificateRemovalStore {
  constructor(private readonly dataSource: DataSource) {}

  /** In one transaction. Whoever works on the name loses its lease. Without anything to end nothing is written. */
  remove(hostname: Hostname, options: { readonly revoke: boolean }): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockName(manager, hostname);
      if (row === null) return;
      await destroyKeys(manager, hostname, options);
      await manager.query('delete from acme_challenges where hostname = $1', [hostname]);
      await manager.query(
        `update issuances set state = $2, source = 'acme', fence = fence + 1, lease_owner = null,
           leased_until = null, ca = null, order_url = null, sealed_key = null, key_version = null,
           order_failures = 0, attempts = 0, next_at = null, held_by = 'none', problem = null,
           not_after = null, urgent_at = null, renew_at = null, ari_start = null, ari_end = null,
           ari_explanation = null, ari_poll_at = null, updated_at = now()
         where hostname = $1`,
        [hostname, requireNextState(row.state, 'removed')],
      );
      const { domainId } = row;
      if (row.state !== 'none') {
        await note(manager, { domainId, hostname, type: 'removed', detail: options });
      }
      await announce(manager, hostname);
    });
  }

  /**
   * One certificate to revoke, left alone by everybody else for a minute; null: there is none. What has expired needs
   * no revocation.
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
      await manager.query(
        'update certificates set revoked_at = now(), revoke_at = null where id = $1',
        [id],
      );
      if (row === null) return;
      await manager.query('update issuances set state = $2 where hostname = $1', [
        hostname,
        requireNextState(row.state, 'revoked'),
      ]);
      await note(manager, { domainId: row.domainId, hostname, type: 'revoked', detail: { ca } });
    });
  }
}

async function destroyKeys(
  manager: EntityManager,
  hostname: Hostname,
  { revoke }: { readonly revoke: boolean },
): Promise<void> {
  await manager.query(
    `update certificates set sealed_private_key = null, destroyed_at = coalesce(destroyed_at, now()),
       superseded_at = coalesce(superseded_at, now()),
       revoke_at = case when $2 and source = 'acme' and revoked_at is null and not_after > now()
         then now() else revoke_at end
     where hostname = $1`,
    [hostname, revoke],
  );
}
