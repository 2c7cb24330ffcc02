import { type AppError, unavailable } from '../shared/app-error.js';

/** The reason of an `unavailable` error: what is stored does not open, and nothing was consumed. */
export const UNDECRYPTABLE = 'undecryptable';

/** @param what for the log; nothing secret */
export function undecryptable(what: string): AppError {
  return unavailable(new Error(what), UNDECRYPTABLE);
}
