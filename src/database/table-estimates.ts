import { Injectable } from '@nestjs/common';
import { Statements, type Statement } from './statements.js';

// The planner's own numbers, kept up by autovacuum. A partitioned table has those of its partitions. -1: never analysed.
const ESTIMATE: Statement = {
  name: 'table-estimates',
  text: `
    select t.name as table, sum(greatest(c.reltuples, 0))::float8 as rows
    from unnest($1::text[]) as t (name)
    left join pg_class c on c.oid = to_regclass(t.name)
      or c.oid in (select inhrelid from pg_inherits where inhparent = to_regclass(t.name))
    where c.relkind = 'r' group by t.name`,
};

/** How many rows tables have, about: no table is read. */
@Injectable()
export class TableEstimates {
  constructor(private readonly statements: Statements) {}

  async of(tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.statements.run<{ table: string; rows: number }>(ESTIMATE, [tables]);
    return new Map(rows.map((row) => [row.table, Math.round(row.rows)]));
  }
}
