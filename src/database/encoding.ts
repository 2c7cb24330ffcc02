import type { DataSource } from 'typeorm';

interface Encoding {
  readonly encoding: string;
  readonly isRight: boolean;
  /** How a database gets the right one, which it cannot change. */
  readonly advice: string;
}

/** The encoding of a database. */
export async function encodingOf(dataSource: DataSource): Promise<Encoding> {
  const [row] = await dataSource.query<[{ encoding: string }]>(
    `select current_setting('server_encoding') as encoding`,
  );
  return {
    ...row,
    isRight: row.encoding === 'UTF8',
    advice: 'make it anew by createdb --encoding=UTF8 --locale=C --template=template0',
  };
}
