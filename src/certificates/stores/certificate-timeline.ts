import type { EntityManager } from 'typeorm';
import type { DomainId } from '../../domains/domain.js';
import { DomainEventEntity } from '../../domains/domain-event.entity.js';
import type { Hostname } from '../../shared/hostname.js';

/** One event of the name's timeline, on the certificate axis. */
export interface CertificateEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** The error behind it, for the log: it is not stored. */
  readonly err?: Error | undefined;
}

export interface TimelineEntry extends CertificateEvent {
  /** Null: a host of the region itself. */
  readonly domainId: DomainId | null;
  readonly hostname: Hostname;
}

/** Writes an event in the caller's transaction. */
export async function note(manager: EntityManager, entry: TimelineEntry): Promise<void> {
  const { domainId, hostname, type, detail } = entry;
  const event = { domainId, hostname, axis: 'certificate', type, detail } as const;
  await manager.getRepository(DomainEventEntity).save(event);
}
