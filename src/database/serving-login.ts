import { escapeIdentifier } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import { NEVER_SERVED, SERVING_GRANTS, type TableGrants } from './serving-grants.js';

const LOCK = 'onetime-gateway serving logins';

const TABLE_PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] as const;
const COLUMN_PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE'] as const;

type Privilege = (typeof TABLE_PRIVILEGES)[number];

interface HeldPrivilege {
  readonly table: string;
  /** Null: of the table as a whole. */
  readonly column: string | null;
  readonly privilege: Privilege;
  readonly isHeld: boolean;
}

// A partition has the privileges of its table: statements may name it.
const HELD = `
  with tables as (
    select c.oid, coalesce(p.relname, c.relname)::text as name, c.relname::text as own_name from pg_class c
    left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and ($2 or i.inhrelid is null)
  )
  select name as "table", null as column, privilege, has_table_privilege($1::name, oid, privilege) as "isHeld"
  from tables, unnest($3::text[]) as privilege
  union all
  select name, a.attname, privilege, has_column_privilege($1::name, t.oid, a.attnum, privilege)
  from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped,
    unnest($4::text[]) as privilege`;

// A superuser and a member of the owner may do everything, whatever is granted.
const LOGIN = `
  select rolcanlogin as "canLogin", rolsuper as "isSuperuser",
    pg_has_role(r.oid, (select relowner from pg_class where oid = 'accounts'::regclass), 'member') as "isOwner"
  from pg_roles r where rolname = $1`;

const NEVER = `
  select name from unnest($1::text[]) as name where has_any_column_privilege(to_regclass(name), 'SELECT')
  union select name from unnest($2::text[]) as name
  where has_any_column_privilege(to_regclass(name), 'INSERT, UPDATE')
    or has_table_privilege(to_regclass(name), 'DELETE')`;

/**
 * Gives a login what a process that only serves needs, and takes everything else from it. It is remembered, and gets the
 * same after each migration. Repeating it changes nothing.
 * @throws AppError `invalid_request` when the login does not exist or can do more by another way
 */
export async function grantServing(dataSource: DataSource, login: string): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await requireSeparate(manager, login);
    await manager.query(
      `insert into serving_logins (name) values ($1) on conflict (name) do update set granted_at = now()`,
      [login],
    );
    await grant(manager, login);
    const { excess } = await comparePrivileges(manager, login);
    if (excess.length === 0) return;
    throw new AppError(
      'invalid_request',
      `${login} has privileges that were not given here, by PUBLIC or another role: ${excess.slice(0, 5).join(', ')}`,
    );
  });
}

/** For each login that is remembered, still exists and has not exactly what it should have. */
export async function regrantServing(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const logins = await loginsIn(manager);
    for (const login of logins) {
      const { excess, missing } = await comparePrivileges(manager, login);
      if (excess.length + missing.length > 0) await grant(manager, login);
    }
  });
}

/** For a partition that was just made of `table`. */
export async function grantServingPartition(
  manager: EntityManager,
  table: string,
  partition: string,
): Promise<void> {
  const grants = SERVING_GRANTS[table];
  if (grants === undefined) return;
  for (const login of await loginsIn(manager)) await grantTable(manager, login, partition, grants);
}

/** What the login has beyond SERVING_GRANTS and what it lacks, as `SELECT accounts.email`. */
export async function comparePrivileges(
  manager: Pick<EntityManager, 'query'>,
  login: string,
  withPartitions = true,
): Promise<{ readonly excess: readonly string[]; readonly missing: readonly string[] }> {
  const rows = await manager.query<HeldPrivilege[]>(HELD, [
    login,
    withPartitions,
    TABLE_PRIVILEGES,
    COLUMN_PRIVILEGES,
  ]);
  const differing = rows.filter((row) => row.isHeld !== isGranted(row));
  const named = (isHeld: boolean): string[] => [
    ...new Set(differing.filter((row) => row.isHeld === isHeld).map(nameOf)),
  ];
  return { excess: named(true), missing: named(false) };
}

/** The tables that the connected login may read or write although no process that only serves should. */
export async function tooOpenTables(dataSource: DataSource): Promise<string[]> {
  const tables = (kind: 'select' | 'write'): string[] =>
    Object.keys(NEVER_SERVED).filter((table) => NEVER_SERVED[table]?.includes(kind));
  const rows = await dataSource.query<{ name: string }[]>(NEVER, [
    tables('select'),
    tables('write'),
  ]);
  return rows.map(({ name }) => name).toSorted();
}

async function requireSeparate(manager: EntityManager, login: string): Promise<void> {
  const [found] = await manager.query<
    { canLogin: boolean; isSuperuser: boolean; isOwner: boolean }[]
  >(LOGIN, [login]);
  const fault =
    found === undefined
      ? 'does not exist: create it with CREATE ROLE … LOGIN first'
      : !found.canLogin
        ? 'cannot log in'
        : found.isSuperuser || found.isOwner
          ? 'is the owner of the tables, a member of it or a superuser, so it may do everything'
          : null;
  if (fault !== null) throw new AppError('invalid_request', `the role ${login} ${fault}`);
}

async function loginsIn(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>(
    'select name from serving_logins join pg_roles on rolname = name order by name',
  );
  return rows.map(({ name }) => name);
}

async function grant(manager: EntityManager, login: string): Promise<void> {
  // Two grants at once would fail on the same rows of the catalogue.
  await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [LOCK]);
  const role = escapeIdentifier(login);
  const [place] = await manager.query<[{ database: string; schema: string }]>(
    'select current_database() as database, current_schema() as schema',
  );
  const schema = escapeIdentifier(place.schema);
  await manager.query(`grant connect on database ${escapeIdentifier(place.database)} to ${role}`);
  await manager.query(`grant usage on schema ${schema} to ${role}`);
  await manager.query(`revoke all on all tables in schema ${schema} from ${role}`);
  for (const [table, grants] of Object.entries(SERVING_GRANTS)) {
    await grantTable(manager, login, table, grants);
    for (const partition of await partitionsOf(manager, table))
      await grantTable(manager, login, partition, grants);
  }
}

async function grantTable(
  manager: EntityManager,
  login: string,
  table: string,
  grants: TableGrants,
): Promise<void> {
  const privileges = TABLE_PRIVILEGES.flatMap((privilege) => {
    const columns = columnsOf(grants, privilege);
    if (columns === null) return [];
    return columns === '*' ? [privilege] : [`${privilege} (${columns.join(', ')})`];
  });
  await manager.query(`grant ${privileges.join(', ')} on ${table} to ${escapeIdentifier(login)}`);
}

async function partitionsOf(manager: EntityManager, table: string): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>(
    'select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass',
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Null: the privilege is not given. */
function columnsOf(grants: TableGrants, privilege: Privilege): readonly string[] | '*' | null {
  switch (privilege) {
    case 'SELECT':
      return grants.select ?? null;
    case 'INSERT':
      return grants.insert ?? null;
    case 'UPDATE':
      return grants.update ?? null;
    case 'DELETE':
      return grants.delete === true ? '*' : null;
    case 'TRUNCATE':
      return grants.truncate === true ? '*' : null;
  }
}

function isGranted({ table, column, privilege }: HeldPrivilege): boolean {
  const columns = columnsOf(SERVING_GRANTS[table] ?? {}, privilege);
  if (columns === null) return false;
  return columns === '*' || (column !== null && columns.includes(column));
}

function nameOf({ table, column, privilege }: HeldPrivilege): string {
  return `${privilege} ${table}${column === null ? '' : `.${column}`}`;
}
