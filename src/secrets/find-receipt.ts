import type { DayStatement } from '../database/day-partitions.js';
import type { Statements } from '../database/statements.js';
import { DAY } from '../shared/durations.js';
import type { Address } from './key-mask.js';
import { dateOf } from './secret-key.js';

/** What a statement that joins a receipt with its secret says of the secret. */
interface FoundReceipt {
  readonly secretExpiresOn: string;
  /** The secret's row counts and was not found on the day that was guessed. */
  readonly isElsewhere: boolean;
}

/** An account's receipt outlives its secret by so many days, any other by the secret's own time to live. */
const ACCOUNT_RECEIPT_DAYS = 30;

/**
 * Finds a receipt with its secret by a statement that names the partitions of both. A metadata key does not tell the
 * secret's day: it is guessed, and the statement is repeated when the secret matters and was not found. What the statement
 * counts it counts with the secret's row, so once.
 */
export async function findReceipt<Row extends object>(
  statements: Statements,
  statement: DayStatement,
  { expiresOn: receipts }: Pick<Address, 'expiresOn'>,
  values: readonly unknown[],
): Promise<Row | null> {
  const secrets = likelySecretDay(receipts, Date.now());
  const find = (day: string): Promise<(Row & FoundReceipt)[]> =>
    statements.runOn<Row & FoundReceipt>(statement, { receipts, secrets: day }, values);
  const [row] = await find(secrets);
  if (row === undefined || !row.isElsewhere || row.secretExpiresOn === secrets) return row ?? null;
  return (await find(row.secretExpiresOn))[0] ?? null;
}

/** Right for the receipts of accounts, and for others on the day of their creation. */
export function likelySecretDay(receiptDay: string, now: number): string {
  const day = Date.parse(receiptDay) / DAY;
  const today = now / DAY;
  // A guest's receipt lives for two weeks at most.
  const isAccounts = day + 1 - today > ACCOUNT_RECEIPT_DAYS;
  return dateOf(isAccounts ? day - ACCOUNT_RECEIPT_DAYS : Math.floor((today + day + 0.5) / 2));
}
