import type { EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import type { Domain } from '../domain.js';
import type { DomainEvent } from '../domain-event.js';

/** Writes a claim's timeline; in the transaction of what happened, so that neither is without the other. */
export async function writeEvents(
  manager: EntityManager,
  { id, hostname }: Pick<Domain, 'id' | 'hostname'>,
  events: readonly DomainEvent[],
): Promise<void> {
  for (const { axis, type, detail } of events) {
    await manager.query(
      `insert into domain_events (domain_id, hostname, axis, type, detail) values ($1, $2, $3, $4, $5)`,
      [id, hostname, axis, type, JSON.stringify(detail)],
    );
  }
}

/** Tells every process, once the transaction commits, that what this name serves may have changed. */
export async function announceChange(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.query('insert into domain_changes (hostname) values ($1)', [hostname]);
}
