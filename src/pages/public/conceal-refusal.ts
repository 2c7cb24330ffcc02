import type { ConcealOffer } from '../../secrets/conceal-offer.js';
import { GUESSES_MAX } from '../../secrets/conceal-rules.js';
import type { AppError } from '../../shared/app-error.js';
import type { Texts } from '../messages/messages.js';

/** Why the service refused a message, in the reader's language. The message of the error is the API's. */
export function concealRefusal(
  texts: Texts,
  { field, reason }: AppError,
  { secretBytesMax, passphraseLength }: ConcealOffer,
): string {
  switch (`${field} ${reason}`) {
    case 'secret missing':
      return texts('create.refused.blank');
    case 'secret too_long':
      return texts('create.refused.tooLong', { bytes: secretBytesMax });
    case 'passphrase missing':
      return texts('create.refused.passphraseMissing');
    case 'passphrase too_short':
      return texts('create.refused.passphraseShort', passphraseLength);
    case 'passphrase too_long':
      return texts('create.refused.passphraseLong', passphraseLength);
    case 'passphrase_attempts invalid':
      return texts('create.refused.attempts', { max: GUESSES_MAX });
    default:
      return texts('create.refused.other');
  }
}
