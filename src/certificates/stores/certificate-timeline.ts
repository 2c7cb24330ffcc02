import type { EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';

/** One event of the name's timeline, on the certificate axis. */
export interface CertificateEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface TimelineEntry extends CertificateEvent {
  /** Null: a host of the region itself. */
  readonly domainId: string | null;
  readonly hostname: Hostname;
}

/** Writes an event in the caller's transaction. */
export async function note(manager: EntityManager, entry: TimelineEntry): Promise<void> {
  const { domainId, hostname, type, detail } = entry;
  await manager.query(
    `insert into domain_events (domain_id, hostname, axis, type, detail)
     values ($1, $2, 'certificate', $3, $4)`,
    [domainId, hostname, type, JSON.stringify(detail)],
  );
}

/** Announces to every process, when the caller's transaction commits, that the name's certificate has changed. */
export async function announce(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.query('insert into domain_changes (hostname) values ($1)', [hostname]);
}
