import { AppError } from '../../shared/app-error.js';

/** The same for a link that was used, that has expired, and that never was one. */
export function linkInvalid(): AppError {
  return new AppError('not_found', 'This link does not work any more. Ask for a new one.', {
    reason: 'LINK_INVALID',
  });
}
