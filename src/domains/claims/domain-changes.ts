import { Raw, type EntityManager, type Repository } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import { DomainChangeEntity } from '../domain-change.entity.js';

/** Tells every process, when the transaction commits, that the serving of this name may have changed. */
export async function announceChange(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.getRepository(DomainChangeEntity).insert({ hostname });
}

/** The change feed reads rows of the last minute only; an hour of them is kept for debugging. */
export async function deleteOldChanges(changes: Repository<DomainChangeEntity>): Promise<void> {
  await changes.delete({ changedAt: Raw((column) => `${column} < now() - interval '1 hour'`) });
}
