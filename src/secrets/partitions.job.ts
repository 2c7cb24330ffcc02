import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { grantServingPartition } from '../database/serving-login.js';
import { HOUR, MINUTE } from '../shared/durations.js';

interface PartitionedTable {
  readonly name: 'secrets' | 'receipts';
  /** The longest time to live of a plan, plus the current day, plus two days for clocks that differ. */
  readonly daysAhead: number;
  /** SQL condition of the rows that keep the partition of a past day. */
  readonly keptRows: string;
}

const TABLES: readonly PartitionedTable[] = [
  // Any row: ExpiredSecretsJob must delete it first, together with the key sealed in its receipt.
  { name: 'secrets', daysAhead: 33, keptRows: 'true' },
  { name: 'receipts', daysAhead: 63, keptRows: 'expires_at > now()' },
];

const INTERVAL = HOUR;
const JITTER_MAX = 5 * MINUTE;
const TODAY = "(now() at time zone 'utc')::date";
const PAST_DAYS_KEPT = 2;
const LOCK = 'onetime-gateway partitions';

/**
 * Makes the partitions of the coming days and drops those of past days. Keeps no state and runs at the start and every
 * hour: a round does what is missing, also what a killed process has left.
 */
@Injectable()
export class PartitionsJob extends BackgroundJob implements OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: PartitionsJob.name,
    round: () => this.maintain(),
    everyMs: INTERVAL + Math.random() * JITTER_MAX,
  });

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  protected override begin(): void {
    void this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** One round. Idempotent, and safe while another process runs one. */
  async maintain(): Promise<void> {
    for (const table of TABLES) {
      for (const day of await this.#missingDays(table)) await this.#create(table, day);
      for (const partition of await this.#pastPartitions(table)) await this.#drop(table, partition);
    }
  }

  /** The coming days without a partition, and the days without one that have rows in the default partition. */
  async #missingDays({ name, daysAhead }: PartitionedTable): Promise<string[]> {
    const rows = await this.dataSource.query<{ day: string }[]>(
      `select day::text from (
         select ${TODAY} + ahead as day from generate_series(-1, $1::int) as ahead
         union select expires_on from ${name}_default
       ) as wanted
       where to_regclass('${name}_' || to_char(day, 'YYYYMMDD')) is null order by day`,
      [daysAhead],
    );
    return rows.map(({ day }) => day);
  }

  /**
   * Makes the day's partition and moves the day's rows into it from the default partition. Locks the table first: a
   * claim that waits for the table's lock finds the moved row; one that waited for the row's lock would find it deleted.
   */
  async #create({ name }: PartitionedTable, day: string): Promise<void> {
    const partition = `${name}_${day.replaceAll('-', '')}`;
    await this.#withLockedTable(name, async (manager) => {
      if (await exists(manager, `select from pg_class where oid = to_regclass('${partition}')`))
        return;
      await manager.query(`create table ${partition} (like ${name} including all)`);
      await grantServingPartition(manager, name, partition);
      await manager.query(
        `with moved as (delete from ${name} where expires_on = '${day}' returning *)
         insert into ${partition} select * from moved`,
      );
      await manager.query(
        `alter table ${name} attach partition ${partition}
         for values from ('${day}') to ('${day}'::date + 1)`,
      );
    });
  }

  async #pastPartitions({ name }: PartitionedTable): Promise<string[]> {
    const rows = await this.dataSource.query<{ partition: string }[]>(
      `select relname as partition from pg_inherits join pg_class on pg_class.oid = inhrelid
       where inhparent = '${name}'::regclass and relname ~ '^${name}_[0-9]{8}$'
         and relname < '${name}_' || to_char(${TODAY} - ${PAST_DAYS_KEPT}, 'YYYYMMDD')
       order by relname`,
    );
    return rows.map(({ partition }) => partition);
  }

  async #drop({ name, keptRows }: PartitionedTable, partition: string): Promise<void> {
    const isKept = `select from ${partition} where ${keptRows}`;
    // A day of receipts is read as a whole, so not under the table's lock. No row is added to a day that is over.
    if (await exists(this.dataSource.manager, isKept)) return;
    await this.#withLockedTable(name, async (manager) => {
      if (!(await exists(manager, `select from pg_class where oid = to_regclass('${partition}')`)))
        return;
      if (name === 'secrets' && (await exists(manager, isKept))) return;
      await manager.query(`drop table ${partition}`);
    });
  }

  /**
   * Runs `work` in one short transaction that locks the table. Requests queue behind a waiting lock, so it waits for two
   * seconds only: partitions are made a month ahead, and a later round tries again.
   */
  async #withLockedTable(
    table: string,
    work: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query("set local lock_timeout = '2s'");
      if (!(await exists(manager, `select where pg_try_advisory_xact_lock(hashtext('${LOCK}'))`)))
        return;
      await manager.query(`lock table only ${table} in access exclusive mode`);
      await work(manager);
    });
  }
}

async function exists(manager: EntityManager, query: string): Promise<boolean> {
  const rows = await manager.query<{ exists: boolean }[]>(`select exists (${query})`);
  return rows[0]?.exists === true;
}
