import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import { Statements, type Statement } from '../database/statements.js';
import { EXPORT, EXPORT_PAGE } from './receipt-statements.js';
import type { Receipt } from './receipt.js';

/** What is kept about a secret, without anything that opens or names it. Recipients are stored masked. */
export interface ExportedReceipt extends Pick<
  Receipt,
  | 'kind'
  | 'state'
  | 'hasPassphrase'
  | 'domain'
  | 'recipients'
  | 'ttlSeconds'
  | 'createdAt'
  | 'updatedAt'
  | 'receivedAt'
  | 'burnedAt'
> {
  readonly expiresAt: Date;
}

interface PageEnd {
  readonly pageAt: string;
  readonly pageLookup: Buffer;
}

const NOW: Statement = { name: 'receipts_export_now', text: 'select now()::text as now' };
const START: PageEnd = { pageAt: '-infinity', pageLookup: Buffer.alloc(0) };

/** What is kept about the secrets of an account, for its export. */
@Injectable()
export class ReceiptExport {
  constructor(private readonly statements: Statements) {}

  /**
   * In the order of their last change. A receipt that changes meanwhile comes again; one that is created meanwhile does
   * not, or the export of a busy account would never end.
   */
  async *pages(owner: AccountId): AsyncGenerator<readonly ExportedReceipt[]> {
    const [{ now } = { now: 'infinity' }] = await this.statements.run<{ now: string }>(NOW, []);
    let end: PageEnd | undefined = START;
    while (end !== undefined) {
      const values: unknown[] = [owner, now, end.pageAt, end.pageLookup];
      const rows: readonly (ExportedReceipt & PageEnd)[] = await this.statements.run<
        ExportedReceipt & PageEnd
      >(EXPORT, values);
      yield rows.map(({ pageAt: _at, pageLookup: _lookup, ...receipt }) => receipt);
      end = rows.length === EXPORT_PAGE ? rows.at(-1) : undefined;
    }
  }
}
