import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { Client } from 'pg';
import { programVersion } from '../../config/program-version.js';
import type { Region } from '../../config/region.js';
import { AppError } from '../../shared/app-error.js';
import { withDraft } from '../../shared/draft-file.js';
import { BACKED_TABLES, LEFT_OUT } from './backed-tables.js';
import { readRows, withBackupConnection } from './backup-connection.js';
import {
  controlLine,
  FORMAT,
  FORMAT_VERSION,
  readBackup,
  type BackupHeader,
  type BackupManifest,
  type BackupSummary,
} from './backup-file.js';

interface BackupRequest {
  readonly url: string;
  readonly region: Region;
  /** A file that does not exist. */
  readonly path: string;
  readonly hasReceipts: boolean;
}

/**
 * Writes what a region needs to go on elsewhere, as of one instant, and reads it back. Gateways may run. The file has its
 * name only once it is whole.
 */
export async function writeBackup(request: BackupRequest): Promise<BackupSummary> {
  const { path } = request;
  if (existsSync(path)) throw new AppError('invalid_request', `${path} exists already.`);
  return withDraft(path, async (draft) => {
    const file = createWriteStream(draft, { flags: 'a' });
    const lines = new Lines(file, path);
    try {
      await withBackupConnection(request.url, (client) => writeTables(client, request, lines));
      await lines.end();
      await onDisk(path, sync(draft));
      const summary = await readBackup(draft);
      await onDisk(path, rename(draft, path));
      return summary;
    } catch (error) {
      file.destroy();
      throw error;
    }
  });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

/** @throws AppError `invalid_request` with the reason of the file system, which the operator mends */
async function onDisk(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const message = `${path} cannot be written: ${(error as Error).message}`;
    throw new AppError('invalid_request', message, { cause: error });
  }
}

async function writeTables(client: Client, request: BackupRequest, lines: Lines): Promise<void> {
  const { region, hasReceipts } = request;
  await client.query('begin isolation level repeatable read read only');
  const { rows: applied } = await client.query<{ name: string }>(
    'select name from schema_migrations order by id',
  );
  const header: BackupHeader = {
    format: FORMAT,
    format_version: FORMAT_VERSION,
    program: programVersion(),
    region,
    taken_at: new Date().toISOString(),
    migrations: applied.map(({ name }) => name),
  };
  await lines.write(controlLine(header));
  const tables: BackupManifest['tables'] = {};
  const present = await tablesOf(client);
  const backed = BACKED_TABLES.filter(
    ({ table }) => present.has(table) && (hasReceipts || table !== 'receipts'),
  );
  for (const table of backed) {
    await lines.write(controlLine({ table: table.table }));
    tables[table.table] = await readRows(client, table, (row) => lines.write(row));
  }
  const { rows: sequences } = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences
     where schemaname = 'public' and last_value is not null order by 1`,
  );
  await client.query('commit');
  const manifest: BackupManifest = {
    tables,
    sequences: Object.fromEntries(sequences.map(({ name, value }) => [name, value])),
    left_out: [...Object.keys(LEFT_OUT), ...(hasReceipts ? [] : ['receipts'])],
    sha256: lines.sha256,
  };
  await lines.write(controlLine({ manifest }));
}

/** Not all of BACKED_TABLES before a migration of this version. */
async function tablesOf(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** Compressed lines, and the hash of those so far. */
class Lines {
  readonly #hash = createHash('sha256');
  readonly #zip: Gzip = createGzip();
  readonly #finished: Promise<void>;

  constructor(file: WriteStream, path: string) {
    this.#finished = onDisk(path, finished(this.#zip.pipe(file)));
    // It is awaited by the next write or by end().
    this.#finished.catch(() => undefined);
    // An `error` event without a listener would end the process.
    this.#zip.on('error', (error) => file.destroy(error));
    file.on('error', (error) => this.#zip.destroy(error));
  }

  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async write(line: string): Promise<void> {
    if (this.#zip.destroyed) await this.#finished;
    this.#hash.update(line).update('\n');
    if (!this.#zip.write(`${line}\n`)) await once(this.#zip, 'drain').catch(() => this.#finished);
  }

  async end(): Promise<void> {
    this.#zip.end();
    await this.#finished;
  }
}
