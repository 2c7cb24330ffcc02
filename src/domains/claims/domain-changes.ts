import type { EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import { DomainChangeEntity } from '../domain-change.entity.js';

/** Tells every process, when the transaction commits, that the serving of this name may have changed. */
export async function announceChange(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.getRepository(DomainChangeEntity).insert({ hostname });
}
