import type { DataSource } from 'typeorm';
import { ENCODING_ADVICE, otherEncoding } from '../../database/encoding.js';
import { schemaDifference } from '../../database/migrate.js';
import { lookAtSessions } from '../../database/pooled-sessions.js';
import { bad, good, note, type Finding } from './finding.js';

const VERSION_MIN = 150_000;
const LATENCY_MAX = 20;
const SAMPLES = 5;

interface ServerRow {
  readonly version: string;
  readonly number: number;
  readonly role: string;
  readonly database: string;
  readonly isOwner: boolean;
  readonly isSuperuser: boolean;
  readonly mayCreate: boolean;
  /** Who owns the gateway's tables. Null: there are none. */
  readonly tablesOf: string | null;
  readonly ownsTables: boolean | null;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
}

const SERVER = `
  select current_setting('server_version') as version,
    current_setting('server_version_num')::int as number,
    current_user as role, current_database() as database,
    pg_has_role(d.datdba, 'member') as "isOwner",
    current_setting('is_superuser') = 'on' as "isSuperuser",
    has_schema_privilege('public', 'create') as "mayCreate",
    pg_get_userbyid(t.relowner) as "tablesOf", pg_has_role(t.relowner, 'member') as "ownsTables",
    pg_is_in_recovery() as "isStandby",
    current_setting('default_transaction_read_only') = 'on' as "isReadOnly"
  from pg_database d left join pg_class t on t.oid = to_regclass('schema_migrations')
  where d.datname = current_database()`;

interface SettingsRow {
  readonly fsync: string;
  readonly pages: string;
  readonly commit: string;
  readonly standbys: string;
  readonly attached: number;
  readonly connections: number;
}

const SETTINGS = `
  select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
    current_setting('synchronous_commit') as commit,
    current_setting('synchronous_standby_names') as standbys,
    (select count(*)::int from pg_stat_replication) as attached,
    current_setting('max_connections')::int as connections`;

/** The server, and how long an answer takes. */
export async function checkServer(database: DataSource): Promise<Finding[]> {
  const [row] = await database.query<[ServerRow]>(SERVER);
  const { version, number, role } = row;
  const server =
    number >= VERSION_MIN
      ? good(`PostgreSQL ${version} answers`)
      : bad(`PostgreSQL ${version} is too old`, 'use PostgreSQL 15 or newer');
  const writing =
    row.isStandby || row.isReadOnly
      ? [bad('the database takes no writes', 'let the URL lead to the primary server')]
      : [];
  const sessions = await sessionFindings(database, role);
  const encoding = await encodingFindings(database);
  return [server, ...writing, ...encoding, ...sessions, await latency(database)];
}

/** The rights of the role, which migrates. */
export async function checkOwner(database: DataSource): Promise<Finding[]> {
  const [row] = await database.query<[ServerRow]>(SERVER);
  const { role } = row;
  // Such as a login that was made for processes that only serve: it must not get more.
  if (row.ownsTables === false)
    return [
      bad(
        `the gateway's tables belong to the role ${row.tablesOf}, not to ${role}`,
        `let the URL have the login of ${row.tablesOf}; ${role} is one for GATEWAY_ROLE=serve, or of another program`,
      ),
    ];
  const rights =
    row.isOwner && row.mayCreate
      ? good(`the role ${role} owns the database ${row.database}`)
      : bad(
          `the role ${role} does not own the database ${row.database}`,
          `migrations need it: alter database ${row.database} owner to ${role}`,
        );
  const superuser = row.isSuperuser
    ? [note(`the role ${role} is a superuser`, 'give the gateway a role without such rights')]
    : [];
  return [rights, ...superuser];
}

async function encodingFindings(database: DataSource): Promise<Finding[]> {
  const encoding = await otherEncoding(database);
  if (encoding === null) return [];
  const found = `the database has the encoding ${encoding}, in which not every character can be stored`;
  return [bad(found, `${ENCODING_ADVICE}, and move to it by gateway backup and gateway restore`)];
}

/** What a pooler in between takes from connections. */
async function sessionFindings(database: DataSource, role: string): Promise<Finding[]> {
  const { areShared, lost } = await lookAtSessions(database);
  if (areShared)
    return [
      bad(
        'a pooler in front of PostgreSQL gives each transaction another session',
        'let the URL lead to PostgreSQL itself, or set the pooler to pool sessions (pool_mode=session)',
      ),
    ];
  if (lost.length === 0) return [];
  return [
    bad(
      'connections lack settings that they asked for: a pooler drops them',
      lost.map((setting) => `alter role ${role} set ${setting};`).join(' '),
    ),
  ];
}

async function latency(database: DataSource): Promise<Finding> {
  const samples: number[] = [];
  for (let count = 0; count < SAMPLES; count += 1) {
    const asked = performance.now();
    await database.query('select 1');
    samples.push(performance.now() - asked);
  }
  const median = samples.toSorted((one, other) => one - other)[Math.floor(SAMPLES / 2)] ?? 0;
  const found = `an answer takes ${median.toFixed(1)} ms`;
  return median <= LATENCY_MAX
    ? good(found)
    : note(found, 'move the gateway closer to its database: a request waits for two or three');
}

export async function checkMigrations(database: DataSource): Promise<Finding[]> {
  const { missing, unknown } = await schemaDifference(database);
  if (missing.length > 0) {
    const found = `${missing.length} migrations are missing, the first is ${missing[0]}`;
    return [bad(found, 'run gateway migrate with the login of the owner')];
  }
  if (unknown.length > 0) {
    const found = `the schema is of a newer version: ${unknown.join(', ')}`;
    return [note(found, 'upgrade this gateway too')];
  }
  return [good('all migrations are applied')];
}

/** What a crash or a failover of the server could bring back. */
export async function checkDurability(database: DataSource): Promise<Finding[]> {
  const [row] = await database.query<[SettingsRow]>(SETTINGS);
  const unsafe = [
    ...(row.fsync === 'on' ? [] : ['fsync=on']),
    ...(row.pages === 'on' ? [] : ['full_page_writes=on']),
    ...(row.commit === 'off' ? ['synchronous_commit=on'] : []),
  ];
  const crash =
    unsafe.length === 0
      ? good('a commit survives a crash of the server')
      : bad(
          'a crash of the server may bring back a secret that was revealed',
          `set ${unsafe.join(', ')}`,
        );
  return [crash, standbyFinding(row)];
}

function standbyFinding({ standbys, attached, commit }: SettingsRow): Finding {
  if (standbys === '') {
    return note(
      'no synchronous standby',
      'a promoted standby may bring back revealed secrets: set synchronous_standby_names if you have one',
    );
  }
  if (attached === 0) {
    const action = 'attach the standby, or take it out of synchronous_standby_names';
    return bad('a synchronous standby is named, none is attached: commits wait for it', action);
  }
  if (commit === 'local')
    return bad('synchronous_commit=local does not wait for the standby', 'set it to on');
  return good(`commits wait for a standby (${standbys})`);
}
