import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { unavailable } from '../shared/app-error.js';
import { isConnectionFailure } from './connection-failure.js';

/** SQL that is parsed and planned once per connection. One name has one text, in the whole cell. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The cell's connection pool for hot statements: prepared by name, one round trip each, no transaction. */
@Injectable()
export class Statements {
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly dataSource: DataSource) {}

  /** The statement's rows. Throws AppError `unavailable` when the database cannot serve now, else pg's own error. */
  async run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      const { name, text } = statement;
      const result = await poolOf(this.dataSource).query<Row>({ name, text, values: [...values] });
      return result.rows;
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
      for (const listener of this.#listeners) listener();
      throw unavailable(error);
    }
  }

  /** Calls `listener` each time a statement found the database unreachable. */
  onUnavailable(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

/** The pool of TypeORM's PostgreSQL driver, so that a cell has one pool and one bound. */
export function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master?: Pool };
  if (master === undefined) throw unavailable(new Error('the data source is not connected'));
  return master;
}
