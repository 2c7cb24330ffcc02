import { types } from 'node:util';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Pool, QueryConfig, QueryResult } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { unavailable } from '../shared/app-error.js';
import { ClaimConnections } from './claim-connections.js';
import { tracedQuery } from '../shared/tracing.js';
import { isCancelledStatement, isConnectionFailure } from './connection-failure.js';
import {
  DayPartitions,
  type AddressedStatement,
  type DayStatement,
  type Days,
} from './day-partitions.js';
import { DayQuery, PreparedQuery } from './prepared-query.js';

/** SQL that is prepared once per connection. A name has one text in the whole cell. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** It destroys a secret, or gives out what is given once: it has happened only when the standby has it too. */
  readonly isClaim?: true;
}

interface Runnable extends Statement, Partial<Omit<AddressedStatement, keyof Statement>> {}

/** Runs hot statements on the cell's connection pool: prepared by name, one round trip each, no transaction. */
@Injectable()
export class Statements {
  readonly #listeners: (() => void)[] = [];
  /** How often each statement, by its name, had to be prepared anew. Absent: never. */
  readonly #generations = new Map<string, number>();
  readonly #partitions: DayPartitions;

  constructor(
    private readonly dataSource: DataSource,
    @Optional() @Inject(ClaimConnections) private readonly claims: ClaimConnections | null = null,
  ) {
    this.#partitions = new DayPartitions(dataSource);
  }

  /**
   * Resolves to the rows.
   * @throws AppError `unavailable` when the database cannot serve now, `busy` when the line in front of the pool is full,
   * else the error of pg
   */
  run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    return this.#run<Row>(statement, values);
  }

  /**
   * run() on the partitions of these days, prepared once for each. A partition that does not exist, or not any more, is
   * the whole table's business: the statement was refused before it ran.
   */
  runOn<Row extends object>(
    statement: DayStatement,
    days: Days,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return this.#run<Row>(this.#partitions.address(statement, days), values);
  }

  /**
   * For what is counted ahead of a claim, such as a guess: nothing is to be used up by a request that a claim then refuses.
   * @throws AppError `unavailable` while claims are refused
   */
  requireClaims(): void {
    this.claims?.requireConfirmed();
  }

  /** Reads which partitions there are: PartitionRefresh does it every minute, and a statement that finds the list old. */
  refreshPartitions(): Promise<void> {
    return this.#partitions.refresh();
  }

  /** One promise for a statement that succeeds: with ten of them a request's time goes into promises. */
  async #run<Row extends object>(statement: Runnable, values: readonly unknown[]): Promise<Row[]> {
    const generation = this.#generations.get(statement.name) ?? 0;
    try {
      const { rows } = await this.#query<Row>(statement, values, generation);
      return rows;
    } catch (error) {
      if (isStalePlan(error)) return this.#runAnew(statement, values, generation);
      return this.#runOnWhole(statement, values, error);
    }
  }

  /** After an error: a partition that is gone is the whole table's business, any other error the caller's. */
  #runOnWhole<Row extends object>(
    { whole, partitions }: Runnable,
    values: readonly unknown[],
    error: unknown,
  ): Promise<Row[]> {
    if (whole === undefined || partitions === undefined || !isMissingTable(error))
      throw this.#reported(error);
    this.#partitions.forget(partitions);
    return this.#run<Row>(whole, values);
  }

  /** A plan that a change of the schema invalidated is refused before it runs, so repeating it is safe. */
  async #runAnew<Row extends object>(
    statement: Runnable,
    values: readonly unknown[],
    generation: number,
  ): Promise<Row[]> {
    // Under a new name it is prepared again on every connection. Several callers may fail at the same time.
    const next = Math.max(generation + 1, this.#generations.get(statement.name) ?? 0);
    this.#generations.set(statement.name, next);
    try {
      const { rows } = await this.#query<Row>(statement, values, next);
      return rows;
    } catch (error) {
      return this.#runOnWhole(statement, values, error);
    }
  }

  /** What the caller gets for an error of pg. */
  #reported(error: unknown): unknown {
    if (!isConnectionFailure(error)) return error;
    if (!isCancelledStatement(error)) for (const listener of this.#listeners) listener();
    return unavailable(error);
  }

  #query<Row extends object>(
    { name, undated, text, isClaim, partitions }: Runnable,
    values: readonly unknown[],
    generation: number,
  ): Promise<QueryResult<Row>> {
    const preparedName = generation === 0 ? name : `${name}#${generation}`;
    const Query = partitions === undefined || partitions.length === 0 ? PreparedQuery : DayQuery;
    // The pool passes it on as it is.
    const query = new Query(preparedName, text, values) as unknown as QueryConfig;
    const { claims } = this;
    return tracedQuery(undated ?? name, () =>
      isClaim === true && claims?.isUsed === true
        ? claims.query<Row>(query)
        : poolOf(this.dataSource).query<Row>(query),
    );
  }

  /** Calls `listener` each time a statement fails as if the database could not be reached. */
  onUnavailable(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

/** Runs statements: on connections of the pool, or on the caller's own. */
export type StatementRunner = Pick<Statements, 'run'>;

/**
 * On the connection of the transaction. Whoever asks for a second one while it holds the first may wait for others that do
 * the same, until the time of all is over.
 */
export function within(manager: EntityManager): StatementRunner {
  return { run: ({ text }, values) => manager.query(text, [...values]) };
}

/**
 * True when the connection's prepared statement does not fit the schema any more, or is gone after a DISCARD. Not by the
 * message: the server may write it in another language.
 */
function isStalePlan(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code, routine } = error as Partial<Record<'code' | 'routine', unknown>>;
  return (code === '0A000' && routine === 'RevalidateCachedQuery') || code === '26000';
}

const UNDEFINED_TABLE = '42P01';

function isMissingTable(error: unknown): boolean {
  return types.isNativeError(error) && (error as { code?: unknown }).code === UNDEFINED_TABLE;
}

/** The pool of TypeORM's PostgreSQL driver: a cell has one pool and one limit of connections. */
export function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master?: Pool };
  if (master === undefined) throw unavailable(new Error('the data source is not connected'));
  return master;
}
