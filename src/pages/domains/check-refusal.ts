import { AppError } from '../../shared/app-error.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import type { Texts } from '../messages/messages.js';

/** Whether a check was refused because there were too many. */
export function isTooSoon(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'rate_limited' || error.code === 'busy');
}

export function tooSoonAnswer(texts: Texts, error: AppError): FormAlert {
  return tryAgainLater(texts, error, texts('setup.limited'));
}
