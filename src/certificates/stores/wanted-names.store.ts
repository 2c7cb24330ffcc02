import type { DomainId } from '../../domains/domain.js';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import { inDelegationWindow } from '../../domains/delegation.js';
import { CertificateSettings } from '../certificate-settings.js';
import { IssuanceEntity } from './issuance.entity.js';

/** Why a name needs a certificate. */
export interface Need {
  /** Null: a host of the region itself. */
  readonly domainId: DomainId | null;
  readonly registrableDomain: string;
  /** The ownership and the plan allow a certificate now. */
  readonly isEntitled: boolean;
  /** The last check found that the name leads to this region. */
  readonly isPointed: boolean;
  /** By the last check a CA could validate the name: it leads to this region, or its challenges do. */
  readonly canValidate: boolean;
}

// The queries on `domains` are SQL: that table is another room's, and most of them join or write two tables.
const PROVEN = `d.removed_at is null and d.ownership in ('verified', 'lapsed')`;
const ENTITLED = `d.blocked_at is null and (d.ownership = 'verified' or d.lapsed_at > now() - interval '30 days')
  and (d.plan_lapsed_at is null or d.plan_lapsed_at > now() - interval '14 days')`;
/** The name serves a key that the owner of its claim uploaded. */
const UPLOADED = `exists (select 1 from certificates c
  where c.hostname = i.hostname and c.superseded_at is null and c.source = 'uploaded')`;
// Set when one of our gateways answered at the name, so it includes names behind a proxy.
// A name that moves here from another region gets its certificate before it leads here.
const POINTED = '(d.pointed_at is not null or d.vouched_until > now())';
// A delegation alone is enough for 30 days: nobody removes it when they leave.
const VALIDATABLE = `(${POINTED} or (d.delegated_at is not null and ${inDelegationWindow('d')}))`;

/** Which names need a certificate, by the rows of the domains room and the region's own hosts. */
@Injectable()
export class WantedNamesStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: CertificateSettings,
  ) {}

  /** Null: the name has no proven claim. */
  async findNeed(hostname: Hostname): Promise<Need | null> {
    const own = this.settings.ownHosts.find((host) => host.hostname === hostname);
    if (own !== undefined) {
      const { registrableDomain } = own;
      return {
        domainId: null,
        registrableDomain,
        isEntitled: true,
        isPointed: true,
        canValidate: true,
      };
    }
    const [row] = await this.dataSource.query<Need[]>(
      `select d.id as "domainId", d.registrable_domain as "registrableDomain",
         ${ENTITLED} as "isEntitled", ${POINTED} as "isPointed", ${VALIDATABLE} as "canValidate"
       from domains d where d.hostname = $1 and ${PROVEN}`,
      [hostname],
    );
    return row ?? null;
  }

  /**
   * Queues an issuance for each of the names that needs a certificate and has no issuance in progress. The region's own
   * hosts are queued apart.
   */
  async queueWanted(hostnames: readonly Hostname[]): Promise<void> {
    await this.dataSource.query(
      `with queued as (
        insert into issuances as i (hostname, domain_id, registrable_domain, state, next_at)
        select d.hostname, d.id, d.registrable_domain, 'queued', now() from domains d
        where ${PROVEN} and ${ENTITLED} and ${VALIDATABLE} and d.hostname = any($1)
          and not exists (
            select 1 from issuances known where known.hostname = d.hostname
              and known.domain_id = d.id and known.state not in ('none', 'revoked')
          )
        on conflict (hostname) do update set domain_id = excluded.domain_id,
          registrable_domain = excluded.registrable_domain,
          state = case when i.state in ('none', 'revoked') then 'queued' else i.state end,
          next_at = case when i.state in ('none', 'revoked') then now() else i.next_at end,
          updated_at = now()
        -- An orphan of another claim is removed first: see findOrphans().
        where i.state in ('none', 'revoked') or (i.domain_id is distinct from excluded.domain_id and not ${UPLOADED})
        returning i.hostname, i.domain_id, i.state
      )
      insert into domain_events (domain_id, hostname, axis, type)
      select domain_id, hostname, 'certificate', 'queued' from queued where state = 'queued'`,
      [hostnames],
    );
  }

  /** Makes blocked names due now, since the change may have removed what blocks them. No order was made for them. */
  async nudge(hostnames: readonly Hostname[]): Promise<void> {
    await this.dataSource.query(
      `update issuances set next_at = now() where hostname = any($1)
         and state in ('blocked', 'degraded') and held_by = 'none' and next_at > now()
         and updated_at < now() - interval '2 seconds'`,
      [hostnames],
    );
  }

  /**
   * Those of the names with an issuance whose claim is gone. A claim by another account keeps the issuance, but not an uploaded
   * key: the former owner has it.
   */
  async findOrphans(hostnames: readonly Hostname[]): Promise<Hostname[]> {
    const rows = await this.dataSource.query<{ hostname: Hostname }[]>(
      `select i.hostname from issuances i
       where i.state not in ('none', 'revoked') and i.domain_id is not null
         and i.hostname = any($1)
         and not exists (
           select 1 from domains d where d.hostname = i.hostname and ${PROVEN}
             and (d.id = i.domain_id or not ${UPLOADED})
         )`,
      [hostnames],
    );
    return rows.map(({ hostname }) => hostname);
  }

  async queueOwnHosts(): Promise<void> {
    const rows = this.settings.ownHosts.map(({ hostname, registrableDomain }) => ({
      hostname,
      registrableDomain,
      state: 'queued' as const,
      nextAt: () => 'now()',
    }));
    if (rows.length === 0) return;
    await this.dataSource.manager
      .createQueryBuilder()
      .insert()
      .into(IssuanceEntity)
      .values(rows)
      .orIgnore()
      .updateEntity(false)
      .execute();
  }
}
