import type { DataSource } from 'typeorm';
import type { CellConfig } from '../../config/cell-config.js';
import { Statements } from '../../database/statements.js';
import { MAIL_LISTS } from '../../mail/mail-list.js';
import { MailRefusals } from '../../mail/mail-refusals.js';

const BATCH = 500;

/**
 * Writes the refusals of mails by the accounts' addresses again under the current root key. They are keyed hashes: those of
 * other people are written again when a mail is about to go to them, and are lost with the old key.
 */
export async function refreshRefusals(
  config: Pick<CellConfig, 'region' | 'rootKeys'>,
  dataSource: DataSource,
): Promise<void> {
  const [any] = await dataSource.query<[{ found: boolean }]>(
    'select exists (select from mail_refusals) as found',
  );
  if (!any.found || config.rootKeys.length === 1) return;
  const refusals = new MailRefusals(config as CellConfig, new Statements(dataSource));
  let after = '';
  for (;;) {
    const rows: { email: string; emailKey: string }[] = await dataSource.query(
      `select email, email_key as "emailKey" from accounts where email_key > $1 order by email_key limit ${BATCH}`,
      [after],
    );
    for (const { email: address } of rows)
      for (const list of MAIL_LISTS) await refusals.has({ list, address });
    after = rows.at(-1)?.emailKey ?? '';
    if (rows.length < BATCH) return;
  }
}
