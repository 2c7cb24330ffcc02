import { types } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { unavailable } from '../shared/app-error.js';
import { isCancelledStatement, isConnectionFailure } from './connection-failure.js';

/** SQL that is prepared once per connection. A name has one text in the whole cell. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs hot statements on the cell's connection pool: prepared by name, one round trip each, no transaction. */
@Injectable()
export class Statements {
  readonly #listeners: (() => void)[] = [];
  /** How often each statement, by its name, had to be prepared anew. Absent: never. */
  readonly #generations = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Resolves to the rows.
   * @throws AppError `unavailable` when the database cannot serve now, `busy` when the line in front of the pool is full,
   * else the error of pg
   */
  async run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.#runPrepared<Row>(statement, values);
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
      if (!isCancelledStatement(error)) for (const listener of this.#listeners) listener();
      throw unavailable(error);
    }
  }

  /** A plan that a change of the schema invalidated is refused before it runs, so repeating it is safe. */
  async #runPrepared<Row extends object>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const generation = this.#generations.get(statement.name) ?? 0;
    try {
      return await this.#query<Row>(statement, values, generation);
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      // Under a new name it is prepared again on every connection. Several callers may fail at the same time.
      const next = Math.max(generation + 1, this.#generations.get(statement.name) ?? 0);
      this.#generations.set(statement.name, next);
      return this.#query<Row>(statement, values, next);
    }
  }

  async #query<Row extends object>(
    { name, text }: Statement,
    values: readonly unknown[],
    generation: number,
  ): Promise<Row[]> {
    const preparedName = generation === 0 ? name : `${name}#${generation}`;
    const query = { name: preparedName, text, values: [...values] };
    return (await poolOf(this.dataSource).query<Row>(query)).rows;
  }

  /** Calls `listener` each time a statement fails as if the database could not be reached. */
  onUnavailable(listener: () => void): void {
    this.#listeners.push(listener);
  }
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

/** The pool of TypeORM's PostgreSQL driver: a cell has one pool and one limit of connections. */
export function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master?: Pool };
  if (master === undefined) throw unavailable(new Error('the data source is not connected'));
  return master;
}
