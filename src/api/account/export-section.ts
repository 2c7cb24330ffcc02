import type { AccountId } from '../../accounts/account.js';
import { toSnakeCase } from '../domains/snake-case.js';

/** One list of the export: what one room keeps about an account, page by page, without keys, values and hashes. */
export interface ExportSection {
  readonly name: string;
  pages(accountId: AccountId): AsyncIterable<readonly object[]>;
}

export async function* snakeCased(
  pages: AsyncIterable<readonly object[]>,
): AsyncGenerator<object[]> {
  for await (const page of pages) yield page.map((each) => toSnakeCase(each) as object);
}
