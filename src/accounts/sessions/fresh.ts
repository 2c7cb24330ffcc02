import { AppError } from '../../shared/app-error.js';
import { FRESH_MINUTES, type SessionIdentity } from './session.js';

/** The reason of the error: the owner signs in once more, and then it works. */
export const SIGN_IN_AGAIN = 'SIGN_IN_AGAIN';

/** Before what protects the account is changed: a browser that was left open does not suffice. */
export function requireFresh({ isFresh }: Pick<SessionIdentity, 'isFresh'>): void {
  if (!isFresh) throw signInAgain();
}

export function signInAgain(): AppError {
  return new AppError(
    'forbidden',
    `For this the sign-in must be at most ${FRESH_MINUTES} minutes old. Sign in again.`,
    { reason: SIGN_IN_AGAIN },
  );
}
