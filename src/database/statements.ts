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

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Resolves to the rows.
   * @throws AppError `unavailable` when the database cannot serve now, `busy` when the line in front of the pool is full,
   * else the error of pg
   */
  async run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      const { name, text } = statement;
      const result = await poolOf(this.dataSource).query<Row>({ name, text, values: [...values] });
      return result.rows;
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
      if (!isCancelledStatement(error)) for (const listener of this.#listeners) listener();
      throw unavailable(error);
    }
  }

  /** Calls `listener` each time a statement fails as if the database could not be reached. */
  onUnavailable(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

/** The pool of TypeORM's PostgreSQL driver: a cell has one pool and one limit of connections. */
export function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master?: Pool };
  if (master === undefined) throw unavailable(new Error('the data source is not connected'));
  return master;
}
