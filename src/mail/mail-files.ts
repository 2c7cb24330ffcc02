import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mail that FileSender has written. */
export interface MailFile {
  readonly path: string;
  /** From the file's name. */
  readonly at: string;
  readonly raw: Buffer;
}

/** The mails in the folder and in those below it, oldest first. A folder that is not there has none. */
export function readMailFiles(folder: string): MailFile[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => ({ path: join(folder, name), at: timeIn(name) }))
    .sort((a, b) => a.at.localeCompare(b.at))
    .map((file) => ({ ...file, raw: readFileSync(file.path) }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `2026-11-23T10-11-12.345Z` has dashes where a file's name can have no colon. */
function timeIn(name: string): string {
  const [time = name] = /\d{4}-\d{2}-\d{2}T[\d-]+\.\d+Z/.exec(name) ?? [];
  return time.replace(/T(\d+)-(\d+)-/, 'T$1:$2:');
}
