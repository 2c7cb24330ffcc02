import { QueryFailedError } from 'typeorm';
import { AppError } from '../shared/app-error.js';

/** AppError `account_exists` for the unique violation of an address; null for any other error. */
export function emailExists(error: unknown, address: string): AppError | null {
  if (!(error instanceof QueryFailedError)) return null;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  if (code !== '23505' || constraint !== 'accounts_email_key') return null;
  return new AppError('account_exists', `There is already an account for ${address}.`, {
    cause: error,
  });
}
