import pg, { type Connection } from 'pg';

/**
 * Statements of days that a connection keeps prepared. Each takes some 100 KB of its backend. A day's statements come and
 * go with its partition.
 */
const PREPARED_MAX = 200;

/** A connection as pg has it: the texts of what is prepared on it. */
interface PreparedConnection extends Connection {
  readonly parsedStatements: Record<string, string>;
}

/** By connection: the names of its day statements, the one that was used longest ago first. */
const prepared = new WeakMap<Connection, Set<string>>();

/**
 * A prepared statement whose name contains a day. The connection that has too many of them closes the one that was used
 * longest ago, in the same message: no round trip.
 */
export class DayQuery extends pg.Query {
  declare readonly name: string;

  constructor(config: { readonly name: string; readonly text: string; values: unknown[] }) {
    super(config);
    const submit = this.submit;
    this.submit = (connection) => {
      closeOldest(connection as PreparedConnection, config.name);
      return submit.call(this, connection);
    };
  }
}

function closeOldest(connection: PreparedConnection, used: string): void {
  const names = prepared.get(connection) ?? new Set<string>();
  prepared.set(connection, names);
  names.delete(used);
  names.add(used);
  const [oldest] = names;
  if (names.size <= PREPARED_MAX || oldest === undefined) return;
  names.delete(oldest);
  delete connection.parsedStatements[oldest];
  connection.close({ type: 'S', name: oldest }, true);
}
