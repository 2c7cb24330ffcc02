import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Statement, Statements } from '../database/statements.js';
import type { StoredEvent } from './outbox-event.js';

const BATCH = 200;
// Arbitrary; no other lock of the database has it.
const POSITIONS_LOCK = 7_340_204;

// Events become visible in the order of their commits and not of their ids, so a cursor over ids would skip some. One
// process at a time gives positions to what is visible. A row that it has changed meanwhile is left alone.
// It says too whether the reader has anything to read: mostly it has not, and a transaction is five round trips.
const GIVE_POSITIONS: Statement = {
  name: 'outbox_give_positions',
  text: `
    with placed as (
      update outbox set position = placed.position
      from (
        select id, nextval('outbox_positions') as position
        from (select id from outbox where position is null order by id limit 1000) as seen
        where pg_try_advisory_xact_lock(${POSITIONS_LOCK})
      ) as placed
      where outbox.id = placed.id and outbox.position is null
      returning 1
    )
    select exists (select from placed) or (
      select position from outbox where position is not null order by position desc limit 1
    ) > (select position from outbox_readers where reader = $1) as "hasEvents"`,
};

const ENTER = `insert into outbox_readers (reader, position) values ($1, 0) on conflict do nothing`;

// The lock on the reader's row is the lease: it ends with the transaction, whatever becomes of the process.
const LOCK = `select position from outbox_readers where reader = $1 for update skip locked`;

const READ = `
  select id, position, account_id as "accountId", type, subject, at
  from outbox where position > $1 order by position limit ${BATCH}`;

/** Acts on events in the transaction that moves the cursor: what it writes by `manager` is written once for each event. */
export type EventWork = (manager: EntityManager, events: readonly StoredEvent[]) => Promise<void>;

/** Reads events in their order, with one cursor for each reader. Of all processes one reads for a reader at a time. */
@Injectable()
export class OutboxReader {
  readonly #entered = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  /** Reads one batch. Returns whether there may be more. If `work` throws, the batch is read again. */
  async read(reader: string, work: EventWork): Promise<boolean> {
    await this.#enter(reader);
    const [look] = await this.statements.run<{ hasEvents: boolean }>(GIVE_POSITIONS, [reader]);
    if (look?.hasEvents !== true) return false;
    return this.dataSource.transaction(async (manager) => {
      const [cursor] = await manager.query<{ position: string }[]>(LOCK, [reader]);
      if (cursor === undefined) return false;
      const events = await manager.query<(StoredEvent & { position: string })[]>(READ, [
        cursor.position,
      ]);
      const last = events.at(-1);
      if (last === undefined) return false;
      await work(manager, events);
      await manager.query('update outbox_readers set position = $2 where reader = $1', [
        reader,
        last.position,
      ]);
      return events.length === BATCH;
    });
  }

  async #enter(reader: string): Promise<void> {
    if (this.#entered.has(reader)) return;
    await this.dataSource.query(ENTER, [reader]);
    this.#entered.add(reader);
  }
}
