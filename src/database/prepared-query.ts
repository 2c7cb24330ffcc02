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

/** What pg's result reads rows with: it has it of their description. */
interface RowShape {
  fields: unknown;
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}

/** pg's query as it is. Its types have its methods as properties, which no method can override, or not at all. */
interface QueryBase {
  name: string;
  readonly _result: RowShape;
  _accumulateRows: boolean;
  submit(connection: Connection): Error | null;
  prepare(connection: Connection): void;
  handleRowDescription(message: object): void;
}

const QueryBase = pg.Query as unknown as new (
  text: string,
  values: readonly unknown[],
) => QueryBase;

/** What is known of the statements prepared on a connection. */
interface Described {
  /** By the statement's name. */
  readonly shapes: Map<string, RowShape>;
  /** The connection, without its message that asks for a description. */
  readonly silent: Connection;
}

const described = new WeakMap<Connection, Described>();

/**
 * A prepared statement. Made of its parts: pg would copy an object with them, property by property, for each run.
 * A connection asks once what its rows are, where pg asks at each run: PostgreSQL refuses to run a prepared statement
 * whose rows have changed. A pooler that prepares statements itself hides that: a text names its columns, and no migration
 * changes the type of one that is in use.
 */
export class PreparedQuery extends QueryBase {
  #shapes: Map<string, RowShape> | null = null;

  constructor(name: string, text: string, values: readonly unknown[]) {
    super(text, values);
    this.name = name;
  }

  override prepare(connection: Connection): void {
    const { shapes, silent } = describedOn(connection);
    const shape = shapes.get(this.name);
    if (shape === undefined) {
      this.#shapes = shapes;
      super.prepare(connection);
      return;
    }
    takeShape(this._result, shape);
    this._accumulateRows = true;
    super.prepare(silent);
  }

  override handleRowDescription(message: object): void {
    super.handleRowDescription(message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    this.#shapes?.set(this.name, { fields, _parsers, _prebuiltEmptyResultObject });
  }
}

function takeShape(result: RowShape, shape: RowShape): void {
  result.fields = shape.fields;
  result._parsers = shape._parsers;
  result._prebuiltEmptyResultObject = shape._prebuiltEmptyResultObject;
}

function describedOn(connection: Connection): Described {
  const known = described.get(connection);
  if (known !== undefined) return known;
  const silent = Object.create(connection, { describe: { value: () => {} } }) as Connection;
  const created = { shapes: new Map<string, RowShape>(), silent };
  described.set(connection, created);
  return created;
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
  described.get(connection)?.shapes.delete(oldest);
  connection.close({ type: 'S', name: oldest }, true);
}

function namesOn(connection: Connection): Set<string> {
  const known = prepared.get(connection);
  if (known !== undefined) return known;
  const names = new Set<string>();
  prepared.set(connection, names);
  return names;
}
