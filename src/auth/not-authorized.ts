import { AppError } from '../shared/app-error.js';

/** The one refusal of this room: it does not say whether the login exists. */
export function notAuthorized(): AppError {
  return new AppError('not_authorized', 'Not authorized');
}
