import { statfs } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { Config } from '../../config/config.js';
import { bad, good, note, type Finding } from './finding.js';

const FREE_PART_MIN = 0.1;
const FREE_BYTES_MIN = 1024 ** 3;

/** The file system of the data dir: the embedded database, keys and mails of development are there. */
export async function checkDataDir({ dataDir }: Pick<Config, 'dataDir'>): Promise<Finding[]> {
  let stats;
  try {
    stats = await statfs(dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return [note(`the data dir ${dataDir} does not exist yet`, 'the first start makes it')];
    throw error;
  }
  const { bavail, blocks, bsize } = stats;
  return [spaceFinding(dataDir, { free: bavail * bsize, size: blocks * bsize })];
}

/** In bytes. A large disk is low when little is left, whatever part of it that is. */
export function spaceFinding(
  dataDir: string,
  { free, size }: { readonly free: number; readonly size: number },
): Finding {
  const part = free / Math.max(1, size);
  const found = `${sizeOf(free)} (${Math.floor(part * 100)} %) free at the data dir ${dataDir}`;
  return part < FREE_PART_MIN && free < FREE_BYTES_MIN * 10 ? lowFinding(found, free) : good(found);
}

function lowFinding(found: string, free: number): Finding {
  const action = 'make space: PostgreSQL stops taking writes on a full disk';
  return free < FREE_BYTES_MIN ? bad(found, action) : note(found, action);
}

/** A server elsewhere does not tell how much its disk has left. */
export async function checkDatabaseSize(
  database: DataSource,
  isEmbedded: boolean,
): Promise<Finding[]> {
  const [{ bytes }] = await database.query<[{ bytes: string }]>(
    'select pg_database_size(current_database()) as bytes',
  );
  const found = `the database has ${sizeOf(Number(bytes))}`;
  return isEmbedded
    ? [good(found)]
    : [
        note(
          `${found}; the free space of its server cannot be seen from here`,
          'let an alarm on the server watch its disk: it takes no writes when that is full',
        ),
      ];
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${units[power]}`;
}
