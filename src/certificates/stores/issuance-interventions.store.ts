import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../accounts/activity/activity.js';
import type { Hostname } from '../../shared/hostname.js';
import { note } from './certificate-timeline.js';
import { IssuanceEntity } from './issuance.entity.js';
import { lockName } from './issuance.store.js';

export interface Hold {
  readonly ca: string;
  readonly scope: string;
  readonly reason: 'rate_limit' | 'ca_down';
  readonly until: Date;
  readonly failures: number;
}

export type Reissue = 'due' | 'none' | 'uploaded';

const HOLDS = `
  select ca, scope, reason, until, failures from ca_holds where until > now() order by ca, scope`;

// What waited for the hold is due at once. A hold by our own count of a CA's limits is none of these rows.
const RELEASE = `
  with released as (delete from ca_holds where ca = $1 and scope = $2 and until > now() returning 1),
  woken as (
    update issuances set next_at = now(), held_by = 'none'
    where exists (select from released) and next_at > now() and held_by in ('rate_limit', 'ca_down')
      and ($2 = 'all' or $2 = 'domain:' || registrable_domain or $2 = 'name:' || hostname)
    returning 1
  )
  select (select count(*) from released)::int as released, (select count(*) from woken)::int as woken`;

/** What the operator may do to issuances. */
@Injectable()
export class IssuanceInterventions {
  constructor(private readonly dataSource: DataSource) {}

  /** A new certificate is ordered now; the current one serves until then. Can be repeated. */
  reissue(hostname: Hostname, actor: Actor): Promise<Reissue> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockName(manager, hostname);
      if (row === null || row.state === 'none' || row.state === 'revoked') return 'none';
      if (row.source === 'uploaded') return 'uploaded';
      const due = { renewAt: () => 'now()', nextAt: () => 'now()', heldBy: 'none' } as const;
      await manager.update(IssuanceEntity, { hostname }, { ...due, isUrgent: true });
      const { domainId } = row;
      await note(manager, { domainId, hostname, type: 'reissue_requested', detail: {}, actor });
      return 'due';
    });
  }

  holds(): Promise<Hold[]> {
    return this.dataSource.query<Hold[]>(HOLDS);
  }

  /** Returns whether there was such a hold, and how many names waited for it. */
  async releaseHold(ca: string, scope: string): Promise<{ isReleased: boolean; woken: number }> {
    const [row] = await this.dataSource.query<{ released: number; woken: number }[]>(RELEASE, [
      ca,
      scope,
    ]);
    return { isReleased: (row?.released ?? 0) > 0, woken: row?.woken ?? 0 };
  }
}
