import type { EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';

export interface TimelineEntry {
  /** Null: a host of the region's own. */
  readonly domainId: string | null;
  readonly hostname: Hostname;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Writes a line into the name's timeline, in the caller's transaction. */
export async function note(manager: EntityManager, entry: TimelineEntry): Promise<void> {
  const { domainId, hostname, type, detail } = entry;
  await manager.query(
    `insert into domain_events (domain_id, hostname, axis, type, detail)
     values ($1, $2, 'certificate', $3, $4)`,
    [domainId, hostname, type, JSON.stringify(detail)],
  );
}

/** Tells every process, once the caller's transaction commits, that the name serves something else. */
export async function announce(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.query('insert into domain_changes (hostname) values ($1)', [hostname]);
}
