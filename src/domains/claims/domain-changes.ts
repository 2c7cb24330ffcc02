import type { EntityManager } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainId } from '../domain.js';
import { DomainChangeEntity } from '../domain-change.entity.js';

/** Tells every process, when the transaction commits, that the serving of this name may have changed. */
export async function announceChange(manager: EntityManager, hostname: Hostname): Promise<void> {
  await manager.getRepository(DomainChangeEntity).insert({ hostname });
}

/** As announceChange(), also of the second name of a pair, which has the look of its main name. */
export async function announcePair(manager: EntityManager, id: DomainId): Promise<void> {
  await manager.query(
    'insert into domain_changes (hostname) select hostname from domains where id = $1 or main_id = $1',
    [id],
  );
}
