import type { EntityManager } from 'typeorm';

/** What an owner was told of and that lasts. Each is told once for each time it begins. */
export type StandingNotice = 'proof' | 'certificate';

/** Returns whether it has just begun, so that it is to be told. */
export async function begins(
  manager: EntityManager,
  notice: StandingNotice,
  domainId: string,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'insert into standing_notices (key) values ($1) on conflict do nothing returning 1',
    [keyOf(notice, domainId)],
  );
  return rows.length === 1;
}

/** Returns whether it had been told. */
export async function ends(
  manager: EntityManager,
  notice: StandingNotice,
  domainId: string,
): Promise<boolean> {
  const [, count] = await manager.query<[unknown, number]>(
    'delete from standing_notices where key = $1',
    [keyOf(notice, domainId)],
  );
  return count === 1;
}

function keyOf(notice: StandingNotice, domainId: string): string {
  return `${notice} ${domainId}`;
}
