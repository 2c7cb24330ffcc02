import type { EntityManager } from 'typeorm';
import type { Actor } from '../../accounts/activity/activity.js';
import { writeActivity } from '../../accounts/activity/write-activity.js';
import { appendEvent } from '../../outbox/append-event.js';
import type { Domain } from '../domain.js';
import type { DomainEvent } from '../domain-event.js';
import { DomainEventEntity } from '../domain-event.entity.js';

/**
 * Writes events in the transaction of the change that they report: in the timeline, for those who listen, and in the
 * account's activity. The latter has no routing: that is observed, nobody does it.
 */
export async function writeEvents(
  manager: EntityManager,
  { id, extid, hostname, accountId }: Pick<Domain, 'id' | 'extid' | 'hostname' | 'accountId'>,
  events: readonly DomainEvent[],
  actor: Actor,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, domainId: id, hostname }));
  await manager.getRepository(DomainEventEntity).save(rows);
  for (const { axis, type, detail } of events) {
    const subject = { ...detail, id: extid, domain: hostname };
    await appendEvent(manager, { accountId, type: `domain.${type}`, subject });
    if (axis !== 'routing')
      await writeActivity(manager, accountId, actor, { action: `domain.${type}`, subject });
  }
}
