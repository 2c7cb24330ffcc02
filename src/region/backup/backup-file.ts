import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '../../shared/app-error.js';

export const FORMAT = 'onetime-gateway-backup';
export const FORMAT_VERSION = 1;

// A backup is compressed lines. `# {"table": …}` begins a table, each line after it is one row as JSON, and the last line
// is the manifest.
const MARK = '# ';

const headerSchema = z.object({
  format: z.literal(FORMAT),
  format_version: z.literal(FORMAT_VERSION),
  program: z.string(),
  region: z.string(),
  taken_at: z.iso.datetime(),
  migrations: z.array(z.string()),
});
const manifestSchema = z.object({
  tables: z.record(z.string(), z.object({ rows: z.int(), sha256: z.string() })),
  /** The last values of the sequences. */
  sequences: z.record(z.string(), z.string()),
  left_out: z.array(z.string()),
  /** Of all lines before this one. */
  sha256: z.string(),
});

export type BackupHeader = z.output<typeof headerSchema>;
export type BackupManifest = z.output<typeof manifestSchema>;

export interface BackupSummary {
  readonly header: BackupHeader;
  readonly manifest: BackupManifest;
}

/** Counts and hashes the rows of one table. */
export class RowDigest {
  #rows = 0;
  readonly #hash: Hash = createHash('sha256');

  add(row: string): void {
    this.#rows += 1;
    this.#hash.update(row).update('\n');
  }

  end(): BackupManifest['tables'][string] {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}

export function controlLine(value: object): string {
  return MARK + JSON.stringify(value);
}

type Read = (row: string, table: string) => Promise<void> | void;

/**
 * Reads a backup from its first line to its manifest, and compares every count and hash. @param read called for each row
 * @throws AppError `invalid_request` for a file that is no backup, or not whole
 */
export async function readBackup(path: string, read: Read = () => {}): Promise<BackupSummary> {
  const source = createReadStream(path);
  const unzipped = source.pipe(createGunzip());
  source.on('error', (cause) => {
    const message = `${path} cannot be read: ${cause.message}`;
    unzipped.destroy(new AppError('invalid_request', message, { cause }));
  });
  const lines = createInterface({ input: unzipped, crlfDelay: Infinity });
  const failed = new Promise<never>((_resolve, reject) => unzipped.on('error', reject));
  // When the lines end it has no other reader.
  failed.catch(() => undefined);
  try {
    return await Promise.race([readLines(lines, read), failed]);
  } catch (error) {
    if (isDamage(error)) throw refuse(path, 'it is damaged, cut off or not compressed', error);
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw refuse(path, 'it is not written as one', error);
    throw error instanceof BackupProblem ? refuse(path, error.message, error) : error;
  } finally {
    lines.close();
    source.destroy();
  }
}

class BackupProblem extends Error {}

async function readLines(lines: AsyncIterable<string>, read: Read): Promise<BackupSummary> {
  const whole = createHash('sha256');
  const tables: BackupManifest['tables'] = {};
  let header: BackupHeader | null = null;
  let summary: BackupSummary | null = null;
  let current: { readonly table: string; readonly digest: RowDigest } | null = null;
  const endTable = (): void => {
    if (current !== null) tables[current.table] = current.digest.end();
    current = null;
  };
  // To the end, where zlib compares its checksum.
  for await (const line of lines) {
    if (summary !== null) throw new BackupProblem('it has more lines after its manifest');
    if (!line.startsWith(MARK)) {
      if (current === null) throw new BackupProblem('it has rows without a table');
      current.digest.add(line);
      whole.update(line).update('\n');
      await read(line, current.table);
      continue;
    }
    const value = JSON.parse(line.slice(MARK.length)) as { table?: string; manifest?: unknown };
    if (header === null) header = headerSchema.parse(value);
    else if (value.manifest !== undefined) {
      endTable();
      const manifest = manifestSchema.parse(value.manifest);
      compare(manifest, { tables, sha256: whole.digest('hex') });
      summary = { header, manifest };
      continue;
    } else {
      endTable();
      current = { table: z.string().parse(value.table), digest: new RowDigest() };
    }
    whole.update(line).update('\n');
  }
  if (summary === null) throw new BackupProblem('its manifest is missing: it is cut off');
  return summary;
}

function compare(manifest: BackupManifest, found: Pick<BackupManifest, 'tables' | 'sha256'>): void {
  const names = new Set([...Object.keys(manifest.tables), ...Object.keys(found.tables)]);
  for (const name of names) {
    const [stated, seen] = [manifest.tables[name], found.tables[name]];
    if (stated?.rows !== seen?.rows || stated?.sha256 !== seen?.sha256)
      throw new BackupProblem(`the rows of ${name} are not those of its manifest`);
  }
  if (manifest.sha256 !== found.sha256)
    throw new BackupProblem('its lines are not those of its manifest');
}

/** An error of zlib, or of a file that ends too early. */
function isDamage(error: unknown): boolean {
  return /^(?:Z_|ERR_STREAM_PREMATURE_CLOSE)/.test(
    String((error as { readonly code?: unknown }).code),
  );
}

function refuse(path: string, reason: string, cause: unknown): AppError {
  return new AppError('invalid_request', `${path} is no whole backup: ${reason}.`, { cause });
}
