import { AppError } from '../shared/app-error.js';
import { HOUR, SECOND } from '../shared/durations.js';

export function mailNotConfigured(): AppError {
  return new AppError(
    'unavailable',
    'This service sends no mail, so an address cannot be proven. Ask its operator.',
    { reason: 'MAIL_NOT_CONFIGURED', retryAfterSeconds: HOUR / SECOND },
  );
}

export function notAnAddress(): AppError {
  return new AppError('invalid_request', 'This is not an e-mail address.', {
    field: 'email',
    reason: 'EMAIL_INVALID',
  });
}
