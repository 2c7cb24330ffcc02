import { hkdfSync } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { CellConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import type { Region } from '../config/region.js';
import type { Role } from '../config/role.js';
import { RootBox } from '../config/root-box.js';
import type { RootKey, RootKeys } from '../config/root-key.js';
import { poolOf } from '../database/statements.js';
import { MINUTE } from '../shared/durations.js';
import { DatabaseNotPrepared } from './database-not-prepared.js';
import { SEALED_COLUMNS } from './rekey/sealed-columns.js';

const CHECK_BYTES = 32;
const NO_SALT = Buffer.alloc(0);
// Searching full tables takes longer than the statement timeout of requests.
const SEARCH_TIMEOUT = 30 * MINUTE;

interface StoredCheck {
  readonly version: number;
  /** Null: written by a migration, for rows that are older than the check values. */
  readonly value: Buffer | null;
  /** A known text, sealed as records are. Null: not written yet. */
  readonly canary: Buffer | null;
  /** False: nothing that is stored needs the version. */
  readonly isInUse: boolean;
}

const CANARY = 'onetime gateway';

interface Queryable {
  query<Rows>(text: string): Promise<Rows>;
}

const FIND = `
  select version, check_value as value, sealed_canary as canary, is_in_use as "isInUse"
  from root_key_checks order by version`;

// A value that is there stays: of two processes that start with different keys, one is refused.
const ADD = `
  insert into root_key_checks as known (version, check_value, sealed_canary) values ($1, $2, $3)
  on conflict (version) do update
  set check_value = coalesce(known.check_value, excluded.check_value),
    sealed_canary = coalesce(known.sealed_canary, excluded.sealed_canary), is_in_use = true`;

const SEARCH = `select ${[
  ...SEALED_COLUMNS.map(
    ({ table, sealed, version }) =>
      `exists (select from ${table} where ${version} = $1 and ${sealed} is not null)`,
  ),
  'exists (select from secrets where key_version = $1 and expires_at > now())',
  'exists (select from receipts where key_version = $1 and expires_at > now())',
].join(' or ')} as found`;

/** Derived from a root key, to recognise it by. Opens nothing: what seals records is derived for other purposes. */
export function checkValueOf({ version, bytes }: RootKey, region: Region): Buffer {
  const purpose = `onetime root key check v1 ${region} ${version}`;
  return Buffer.from(hkdfSync('sha256', bytes, NO_SALT, purpose, CHECK_BYTES));
}

interface Keys {
  readonly region: Region;
  readonly rootKeys: RootKeys;
  /** The login of a process that only serves reads the checks and writes none. */
  readonly role?: Role;
}

/**
 * Compares the configured root keys with those that the region's database was written with, and opens what each sealed
 * there. The first process that has a version stores both.
 * @throws ConfigError for another key of the same version, and for a version that stored records need and that is missing
 * @throws DatabaseNotPrepared in a process that only serves, for a current key that is new to the database
 */
export async function verifyRootKeys(
  { region, rootKeys, role = 'all' }: Keys,
  dataSource: DataSource,
): Promise<void> {
  const known = await findChecks(dataSource);
  const missing: number[] = [];
  for (const { version, isInUse } of known) {
    if (!isInUse || rootKeys.some((key) => key.version === version)) continue;
    if (role === 'serve' || (await isNeeded(dataSource, version))) missing.push(version);
  }
  refuseUnlessFitting(region, faultsOf(region, rootKeys, known), missing);

  const news = rootKeys.filter(({ version }) => !known.some((check) => isComplete(check, version)));
  if (role === 'serve') return requireKnown(region, rootKeys[0], known);
  // A refused start writes nothing.
  if (news.length === 0) return;
  for (const key of news)
    await dataSource.query(ADD, [key.version, checkValueOf(key, region), canaryOf(key, region)]);
  refuseUnlessFitting(region, faultsOf(region, rootKeys, await findChecks(dataSource)), []);
}

/** How the configured root keys fit the check values. Writes nothing. */
export interface RootKeyComparison {
  /** Configured, and another key than the one that the database was written with. */
  readonly wrong: readonly number[];
  /** Not configured; records that need them may still exist. */
  readonly missing: readonly number[];
  /** Configured, and no gateway has started with them. */
  readonly unknown: readonly number[];
}

export async function compareRootKeys(
  { region, rootKeys }: Pick<CellConfig, 'region' | 'rootKeys'>,
  dataSource: Queryable,
): Promise<RootKeyComparison> {
  const known = await findChecks(dataSource);
  const versions = rootKeys.map(({ version }) => version);
  return {
    wrong: wrongKeys(region, rootKeys, known),
    missing: known
      .filter(({ version, isInUse }) => isInUse && !versions.includes(version))
      .map(({ version }) => version),
    unknown: versions.filter((version) => !known.some((check) => isComplete(check, version))),
  };
}

/**
 * The versions that are another key than the one that the database was written with, so it may be another region's.
 * Works on the schema of the last release too, of which a command may make a backup.
 */
export async function differentRootKeys(
  { region, rootKeys }: Pick<CellConfig, 'region' | 'rootKeys'>,
  database: Queryable,
): Promise<number[]> {
  // A first start that was killed may have made some of the tables only: nothing is written yet.
  const [table] = await database.query<[{ exists: boolean }]>(
    `select to_regclass('root_key_checks') is not null as exists`,
  );
  if (!table.exists) return [];
  const known = await database.query<Pick<StoredCheck, 'version' | 'value'>[]>(
    'select version, check_value as value from root_key_checks',
  );
  return wrongKeys(region, rootKeys, known);
}

function isComplete({ version, value, canary, isInUse }: StoredCheck, wanted: number): boolean {
  return version === wanted && value !== null && canary !== null && isInUse;
}

/** What it seals must be under a key that every process can compare its own with. */
function requireKnown(region: Region, { version }: RootKey, known: readonly StoredCheck[]): void {
  if (known.some((check) => check.version === version && check.value !== null && check.isInUse))
    return;
  throw new DatabaseNotPrepared(
    `${variableOf(region)}: version ${version} is new to the database of region ${region}: start a process with GATEWAY_ROLE=work and this key`,
  );
}

function boxOf(key: RootKey, region: Region): RootBox {
  return new RootBox({ region, rootKeys: [key] }, 'onetime root key canary v1');
}

function canaryOf(key: RootKey, region: Region): Buffer {
  return boxOf(key, region).seal('canary', CANARY).sealed;
}

function opens(key: RootKey, region: Region, sealed: Buffer): boolean {
  return boxOf(key, region).open('canary', { keyVersion: key.version, sealed }) === CANARY;
}

/** One sentence for each key that is another one, or that does not open what it sealed. */
function faultsOf(
  region: Region,
  rootKeys: readonly RootKey[],
  checks: readonly StoredCheck[],
): string[] {
  const wrong = wrongKeys(region, rootKeys, checks);
  const isClosed = (key: RootKey): boolean => {
    const canary = checks.find(({ version }) => version === key.version)?.canary ?? null;
    return canary !== null && !wrong.includes(key.version) && !opens(key, region, canary);
  };
  const closed = rootKeys.filter(isClosed).map(({ version }) => version);
  return [
    ...wrong.map((version) => wrongKey(region, version)),
    ...closed.map((version) => closedCanary(region, version)),
  ];
}

/** The versions whose stored check value is another key's. */
function wrongKeys(
  region: Region,
  rootKeys: readonly RootKey[],
  checks: readonly Pick<StoredCheck, 'version' | 'value'>[],
): number[] {
  const isWrong = (key: RootKey): boolean => {
    const value = checks.find(({ version }) => version === key.version)?.value ?? null;
    return value !== null && !value.equals(checkValueOf(key, region));
  };
  return rootKeys.filter(isWrong).map(({ version }) => version);
}

function refuseUnlessFitting(
  region: Region,
  faults: readonly string[],
  missing: readonly number[],
): void {
  const messages = [...faults, ...missing.map((version) => missingKey(region, version))];
  if (messages.length === 0) return;
  const variable = variableOf(region);
  throw new ConfigError(messages.map((message) => ({ variable, message })));
}

function variableOf(region: Region): string {
  return `GATEWAY_ROOT_KEY_${region.toUpperCase()}`;
}

function closedCanary(region: Region, version: number): string {
  return (
    `version ${version} is the key that the database of region ${region} was written with, but does not open what it sealed ` +
    'there: root_key_checks is damaged, or this program derives other keys than the one that wrote it'
  );
}

function wrongKey(region: Region, version: number): string {
  return (
    `version ${version} is another key than the one that the database of region ${region} was written with: ` +
    'configure that one, or give a new key a new version'
  );
}

function missingKey(region: Region, version: number): string {
  return (
    `version ${version} is not configured, but records in the database of region ${region} need it: ` +
    'add it behind the current key'
  );
}

function findChecks(dataSource: Queryable): Promise<StoredCheck[]> {
  return dataSource.query<StoredCheck[]>(FIND);
}

/** Remembers that a version is not needed any more: the tables are searched once for each key that is taken away. */
async function isNeeded(dataSource: DataSource, version: number): Promise<boolean> {
  const connection = await poolOf(dataSource).connect();
  // The next statement reports a lost connection. An `error` event without a listener would end the process.
  connection.on('error', () => {});
  try {
    await connection.query('set statement_timeout = 0');
    const search = { text: SEARCH, values: [version], query_timeout: SEARCH_TIMEOUT };
    const { rows } = await connection.query<{ found: boolean }>(search);
    if (rows[0]?.found === true) return true;
    await connection.query('update root_key_checks set is_in_use = false where version = $1', [
      version,
    ]);
    return false;
  } finally {
    // Closed, since its timeout is not the pool's.
    connection.release(true);
  }
}
