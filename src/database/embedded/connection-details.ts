import { join } from 'node:path';
import { z } from 'zod';
import { readIfPresent, replacePrivateFile } from '../../shared/atomic-file.js';

const detailsSchema = z.object({
  socketFolder: z.string(),
  superuserPassword: z.string(),
  regionPasswords: z.record(z.string(), z.string()),
});

/** How to connect to the embedded server. A file in the data dir (0600) for the next start and for the operator's commands. */
export type ConnectionDetails = Readonly<z.infer<typeof detailsSchema>>;

/** Null when the data dir has never had an embedded server. */
export function readDetails(dataDir: string): ConnectionDetails | null {
  const text = readIfPresent(fileIn(dataDir));
  return text === null ? null : detailsSchema.parse(JSON.parse(text));
}

export function writeDetails(dataDir: string, details: ConnectionDetails): void {
  replacePrivateFile(fileIn(dataDir), `${JSON.stringify(details, null, 2)}\n`);
}

/** A URL for pg and TypeORM: `host` in the query is the folder of the socket. Role and database have the same name. */
export function connectionUrl(details: ConnectionDetails, role: string, password: string): string {
  return `postgres://${role}:${password}@localhost/${role}?host=${encodeURIComponent(details.socketFolder)}`;
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'postgres.json');
}
