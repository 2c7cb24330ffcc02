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

/** pg's query as it is. Its types have `submit` as a property, which no method can override. */
interface QueryBase {
  name: string;
  submit(connection: Connection): Error | null;
}

const QueryBase = pg.Query as unknown as new (
  text: string,
  values: readonly unknown[],
) => QueryBase;

/** A prepared statement. Made of its parts: pg would copy an object with them, property by property, for each run. */
export class PreparedQuery extends QueryBase {
  constructor(name: string, text: string, values: readonly unknown[]) {
    super(text, values);
    this.name = name;
  }
}

/** By connection: the names of its day statements, the one that was used longest ago first. */
const prepared = new WeakMap<Connection, Set<string>>();

/**
 * A prepared statement whose name contains a day. The connection that has too many of them closes the one that was used
 * longest ago, in the same message: no round trip.
 */
export class DayQuery extends PreparedQuery {
  override submit(connection: Connection): Error | null {
    closeOldest(connection as PreparedConnection, this.name);
    return super.submit(connection);
  }
}

function closeOldest(connection: PreparedConnection, used: string): void {
  const names = namesOn(connection);
  names.delete(used);
  names.add(used);
  if (names.size <= PREPARED_MAX) return;
  const [oldest] = names;
  if (oldest === undefined) return;
  names.delete(oldest);
  delete connection.parsedStatements[oldest];
  connection.close({ type: 'S', name: oldest }, true);
}

function namesOn(connection: Connection): Set<string> {
  const known = prepared.get(connection);
  if (known !== undefined) return known;
  const names = new Set<string>();
  prepared.set(connection, names);
  return names;
}
