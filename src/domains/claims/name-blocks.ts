import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not, type EntityManager } from 'typeorm';
import { COMMAND_LINE, type Actor } from '../../accounts/activity/activity.js';
import type { Hostname } from '../../shared/hostname.js';
import { DomainEntity } from '../domain.entity.js';
import { lockClaims } from './competing-claims.js';
import { announceChange } from './domain-changes.js';
import { writeEvents } from './domain-timeline.js';

export type NameBlock = Pick<DomainEntity, 'blockedAt' | 'blockReason'>;

/** The block of the name, which any of its claims has, also a removed one; null: it is not blocked. */
export async function blockOf(
  manager: EntityManager,
  hostname: Hostname,
): Promise<NameBlock | null> {
  const blocked = await manager.getRepository(DomainEntity).findOne({
    select: { id: true, blockedAt: true, blockReason: true },
    where: { hostname, blockedAt: Not(IsNull()) },
  });
  return blocked && { blockedAt: blocked.blockedAt, blockReason: blocked.blockReason };
}

/**
 * Blocks of names by the operator. A block is the name's: all its claims have it, and a new claim gets it. FIND_SERVED
 * reads it, so every process stops to serve with the announcement. Both can be repeated.
 */
@Injectable()
export class NameBlocks {
  constructor(private readonly dataSource: DataSource) {}

  block(hostname: Hostname, reason: string, actor: Actor = COMMAND_LINE): Promise<void> {
    return this.#change(hostname, actor, {
      isDone: ({ blockedAt, blockReason }) => blockedAt !== null && blockReason === reason,
      columns: { blockedAt: () => 'coalesce(blocked_at, now())', blockReason: reason },
      event: { axis: 'serving', type: 'blocked', detail: { reason } },
    });
  }

  unblock(hostname: Hostname, actor: Actor = COMMAND_LINE): Promise<void> {
    return this.#change(hostname, actor, {
      isDone: ({ blockedAt }) => blockedAt === null,
      columns: { blockedAt: null, blockReason: null },
      event: { axis: 'serving', type: 'unblocked', detail: {} },
    });
  }

  #change(hostname: Hostname, actor: Actor, { isDone, columns, event }: Change): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const claims = await lockClaims(manager, hostname);
      const changed = claims.filter((claim) => !isDone(claim));
      const domains = manager.getRepository(DomainEntity);
      // Those that were removed, too.
      await domains.update({ hostname }, columns);
      for (const claim of changed) {
        const generation = claim.generation + 1;
        await domains.update(claim.id, { generation, updatedAt: () => 'now()' });
        await writeEvents(manager, claim, [event], actor);
      }
      await announceChange(manager, hostname);
    });
  }
}

interface Change {
  readonly isDone: (claim: DomainEntity) => boolean;
  readonly columns: {
    readonly blockedAt: (() => string) | null;
    readonly blockReason: string | null;
  };
  readonly event: {
    readonly axis: 'serving';
    readonly type: string;
    readonly detail: Readonly<Record<string, unknown>>;
  };
}
