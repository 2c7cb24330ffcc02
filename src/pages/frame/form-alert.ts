import { retryAfterSecondsOf, type AppError } from '../../shared/app-error.js';
import type { Texts } from '../messages/messages.js';

/** Why a form is shown again, and the status and headers of that answer. */
export interface FormAlert {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For the person who sent the form. */
  readonly alert: string;
}

/** A 503, or a 429 to a limit, with Retry-After: the same form may succeed later. */
export function tryAgainLater(texts: Texts, error: AppError, alert: string): FormAlert {
  const status = error.code === 'rate_limited' ? 429 : 503;
  return {
    status,
    headers: retryAfterHeaders(error),
    alert: `${alert} ${whenToTry(texts, error)}`,
  };
}

/** The time in Retry-After, in words. */
export function whenToTry(texts: Texts, error: AppError): string {
  const seconds = retryAfterSecondsOf(error);
  if (seconds <= 120) return texts('frame.tryAgain', { seconds });
  return texts('frame.tryAgainLong', { seconds, minutes: Math.ceil(seconds / 60) });
}

/** `Retry-After` in whole seconds. */
export function retryAfterHeaders(error: AppError): Readonly<Record<string, string>> {
  return { 'retry-after': String(retryAfterSecondsOf(error)) };
}
