import type { DataSource } from 'typeorm';
import { MINUTE } from '../shared/durations.js';

/** The tables that are partitioned by day; a partition is called `secrets_20261127`. */
export type DayTable = 'secrets' | 'receipts';

/** The days of the rows that a statement is about, such as `2026-11-27`. A table without one is addressed as a whole. */
export type Days = Readonly<Partial<Record<DayTable, string>>>;

/** SQL whose tables `{secrets}` and `{receipts}` are replaced by the partitions of some days. */
export interface DayStatement {
  readonly name: string;
  readonly dayText: string;
  /** See Statement. */
  readonly isClaim?: true;
}

/** A day statement with its tables. */
export interface AddressedStatement {
  readonly name: string;
  /** The statement's own name: spans have it. */
  readonly undated: string;
  readonly text: string;
  /** Empty when it addresses whole tables, which are right for every day. */
  readonly partitions: readonly string[];
  /** The same on the whole tables; absent when it is that already. */
  readonly whole?: AddressedStatement;
  readonly isClaim?: true;
}

const TABLES: readonly DayTable[] = ['secrets', 'receipts'];
const REFRESH_AFTER = MINUTE;
/** A list that is older names partitions that may have been detached: the whole tables answer. */
const USED_FOR = 2 * MINUTE;
/** Addressed statements that are kept: some 2 KB each. */
const KEPT_MAX = 2000;

// Those that a name without a schema finds, and that this login may use: the login of a process that only serves has its
// privileges on a partition from whoever made it.
const ATTACHED = `
  select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
  where inhparent in (to_regclass('secrets'), to_regclass('receipts'))
    and relname ~ '^(secrets|receipts)_[0-9]{8}$' and pg_table_is_visible(pg_class.oid)
    and has_table_privilege(pg_class.oid, 'SELECT') and has_table_privilege(pg_class.oid, 'INSERT')`;

/**
 * Replaces partitioned tables by the partition of a day, because PostgreSQL plans a partitioned table for all of its
 * partitions at every execution (docs/decisions/0038). Names come from the catalogue alone: a day is looked up among
 * them. The list is read every minute, also when it is used and older, without waiting for it; a day that is not in it is
 * served by the whole table.
 */
export class DayPartitions {
  #known: ReadonlySet<string> = new Set();
  /** When a reading began, and when the list that is known was read, in performance.now(). */
  #readAt = -Infinity;
  #knownAt = -Infinity;
  #reading: Promise<void> | null = null;
  readonly #addressed = new Map<string, AddressedStatement>();

  constructor(
    private readonly dataSource: Pick<DataSource, 'query'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  address(statement: DayStatement, days: Days): AddressedStatement {
    const now = this.now();
    if (now - this.#readAt > REFRESH_AFTER) void this.refresh();
    const isUsable = now - this.#knownAt <= USED_FOR;
    const secrets = isUsable ? this.#partitionOf('secrets', days.secrets) : null;
    const receipts = isUsable ? this.#partitionOf('receipts', days.receipts) : null;
    const key = `${statement.name} ${secrets} ${receipts}`;
    const kept = this.#addressed.get(key);
    if (kept !== undefined) return kept;
    const addressed = addressedTo(statement, { secrets, receipts });
    if (this.#addressed.size >= KEPT_MAX) this.#addressed.clear();
    this.#addressed.set(key, addressed);
    return addressed;
  }

  /** After one of the partitions was not found. */
  forget(partitions: readonly string[]): void {
    this.#known = new Set([...this.#known].filter((name) => !partitions.includes(name)));
    this.#readAt = -Infinity;
  }

  /** Reads the list. Keeps the old one when the database cannot be asked. */
  refresh(): Promise<void> {
    this.#readAt = this.now();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    try {
      const askedAt = this.now();
      const rows = await this.dataSource.query<{ name: string }[]>(ATTACHED);
      this.#knownAt = askedAt;
      this.#known = new Set(rows.map(({ name }) => name));
    } catch {
      // The statement that wanted the list runs on the whole tables, and reports what is wrong.
    }
  }

  #partitionOf(table: DayTable, day: string | undefined): string | null {
    if (day === undefined) return null;
    const partition = `${table}_${day.slice(0, 4)}${day.slice(5, 7)}${day.slice(8)}`;
    return this.#known.has(partition) ? partition : null;
  }
}

type Addressees = Readonly<Record<DayTable, string | null>>;

const NO_PARTITIONS: Addressees = { secrets: null, receipts: null };

function addressedTo(
  { name, dayText, ...rest }: DayStatement,
  addressees: Addressees,
): AddressedStatement {
  const partitions: string[] = [];
  let [addressedName, text] = [name, dayText];
  for (const table of TABLES) {
    const partition = addressees[table];
    text = text.replaceAll(`{${table}}`, partition ?? table);
    if (partition === null) continue;
    partitions.push(partition);
    // At most 63 characters: `secrets_claim_s20261204_r20261211`.
    addressedName += `_${table.charAt(0)}${partition.slice(table.length + 1)}`;
  }
  const addressed = { ...rest, name: addressedName, undated: name, text, partitions };
  if (partitions.length === 0) return addressed;
  return { ...addressed, whole: addressedTo({ name, dayText, ...rest }, NO_PARTITIONS) };
}
