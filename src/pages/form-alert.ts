import { retryAfterSecondsOf, type AppError } from '../shared/app-error.js';

/** Why a form is shown again, and the status and headers of that answer. */
export interface FormAlert {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For the person who sent the form. */
  readonly alert: string;
}

/** A 503, or a 429 to a limit, with Retry-After: the same form may succeed later. */
export function tryAgainLater(error: AppError, alert: string): FormAlert {
  const status = error.code === 'rate_limited' ? 429 : 503;
  return { status, headers: retryAfterHeaders(error), alert: `${alert} ${whenToTry(error)}` };
}

/** The time in Retry-After, in words. */
export function whenToTry(error: AppError): string {
  const seconds = retryAfterSecondsOf(error);
  if (seconds === 1) return 'Try again in a second.';
  const minutes = Math.ceil(seconds / 60);
  const inMinutes = seconds > 120 ? `, which is ${minutes} minutes` : '';
  return `Try again in ${seconds} seconds${inMinutes}.`;
}

/** `Retry-After` in whole seconds. */
export function retryAfterHeaders(error: AppError): Readonly<Record<string, string>> {
  return { 'retry-after': String(retryAfterSecondsOf(error)) };
}
