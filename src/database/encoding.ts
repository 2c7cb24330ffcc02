import type { DataSource } from 'typeorm';

/** How a database gets the right encoding, which it cannot change. */
export const ENCODING_ADVICE =
  'make it anew by createdb --encoding=UTF8 --locale=C --template=template0';

/** The encoding of a database that is not in UTF-8: not every character can be stored there. Null: it is. */
export async function otherEncoding(dataSource: DataSource): Promise<string | null> {
  const [{ encoding }] = await dataSource.query<[{ encoding: string }]>(
    `select current_setting('server_encoding') as encoding`,
  );
  return encoding === 'UTF8' ? null : encoding;
}
