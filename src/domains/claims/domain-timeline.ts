import type { EntityManager } from 'typeorm';
import { appendEvent } from '../../outbox/append-event.js';
import type { Domain } from '../domain.js';
import type { DomainEvent } from '../domain-event.js';
import { DomainEventEntity } from '../domain-event.entity.js';

/** Writes events in the transaction of the change that they report: in the timeline, and for those who listen. */
export async function writeEvents(
  manager: EntityManager,
  { id, extid, hostname, accountId }: Pick<Domain, 'id' | 'extid' | 'hostname' | 'accountId'>,
  events: readonly DomainEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, domainId: id, hostname }));
  await manager.getRepository(DomainEventEntity).save(rows);
  for (const { type, detail } of events) {
    const subject = { ...detail, id: extid, domain: hostname };
    await appendEvent(manager, { accountId, type: `domain.${type}`, subject });
  }
}
