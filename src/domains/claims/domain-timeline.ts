import type { EntityManager } from 'typeorm';
import type { Domain } from '../domain.js';
import type { DomainEvent } from '../domain-event.js';
import { DomainEventEntity } from '../domain-event.entity.js';

/** Writes events in the transaction of the change that they report. */
export async function writeEvents(
  manager: EntityManager,
  { id, hostname }: Pick<Domain, 'id' | 'hostname'>,
  events: readonly DomainEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, domainId: id, hostname }));
  await manager.getRepository(DomainEventEntity).save(rows);
}
