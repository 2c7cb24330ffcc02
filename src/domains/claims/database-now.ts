import type { EntityManager } from 'typeorm';

/** The clock of the database at this moment, not at the start of the transaction: the transaction may have waited. */
export async function databaseNow(manager: EntityManager): Promise<Date> {
  // A statement: it reads no table.
  const [row] = await manager.query<{ now: Date }[]>('select clock_timestamp() as now');
  if (row === undefined) throw new Error('the database returned no time');
  return row.now;
}
