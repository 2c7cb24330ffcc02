import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { AppError } from '../../shared/app-error.js';
import {
  accountLineSchema,
  fileHeaderSchema,
  type AccountLine,
  type FileHeader,
} from './accounts-file.js';

/** A file of exportAccounts() whose lines are right. It may be larger than the memory, so nothing of it is kept. */
export interface AccountsFile {
  readonly header: FileHeader;
  accounts(): Iterable<AccountLine>;
}

const CHUNK = 65_536;
/** In characters: an account with all that its plan allows has a fraction of it. */
const LINE_MAX = 16_777_216;
const END = /^\{"accounts":(\d{1,15})\}\s*$/;

/**
 * @param lines gives the lines from the first one on, as often as it is called
 * @throws AppError `invalid_request` for a line that is not right
 */
export function openAccountsFile(lines: () => Iterable<string>): AccountsFile {
  const [first = ''] = lines();
  const header = parseLine(1, first, fileHeaderSchema);
  const accounts = (): Iterable<AccountLine> => accountsIn(lines());
  // Each is checked, and the number of them.
  for (const _account of accounts());
  return { header, accounts };
}

function* accountsIn(lines: Iterable<string>): Generator<AccountLine> {
  let number = 0;
  let hasEnd = false;
  for (const line of lines) {
    number += 1;
    if (number === 1) continue;
    if (hasEnd) throw refuse(number, 'nothing follows the number of accounts');
    const count = END.exec(line)?.[1];
    if (count === undefined) yield parseLine(number, line, accountLineSchema);
    else if (Number(count) === number - 2) hasEnd = true;
    else throw refuse(number, `expected ${count} accounts, found ${number - 2}`);
  }
  if (!hasEnd) throw refuse(number, 'the number of accounts is missing after it');
}

/**
 * The lines of a file that are not blank.
 * @throws AppError `invalid_request` with the reason of the file system, and for what has no lines
 */
export function* linesOf(path: string): Generator<string> {
  const file = readable(path, () => openSync(path, 'r'));
  try {
    const chunk = Buffer.alloc(CHUNK);
    const decoder = new StringDecoder();
    let rest = '';
    for (let size = -1; size !== 0;) {
      size = readable(path, () => readSync(file, chunk));
      const lines = decoder.write(chunk.subarray(0, size)).split('\n');
      lines[0] = rest + (lines[0] ?? '');
      rest = size === 0 ? '' : (lines.pop() ?? '');
      if (rest.length > LINE_MAX)
        throw new AppError('invalid_request', `${path} has a line that no export writes.`);
      for (const line of lines) if (line.trim() !== '') yield line;
    }
  } finally {
    closeSync(file);
  }
}

function readable<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const message = `${path} cannot be read: ${(error as Error).message}`;
    throw new AppError('invalid_request', message, { cause: error });
  }
}

function parseLine<Schema extends z.ZodType>(
  number: number,
  line: string,
  schema: Schema,
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    if (error instanceof z.ZodError) {
      const [issue] = error.issues;
      throw refuse(number, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
    }
    throw refuse(number, 'no JSON');
  }
}

/** The line itself is not repeated: it has hashes. */
function refuse(number: number, reason: string): AppError {
  return new AppError('invalid_request', `Line ${number} of the file is not right: ${reason}.`);
}
