import { emailKeyOf, parseEmailAddress } from '../accounts/email-address.js';
import { AppError } from '../shared/app-error.js';

/**
 * The recipients' addresses in lower case, without blanks and duplicates.
 * @throws AppError `invalid_request` with the first invalid address
 */
export function parseRecipients(texts: readonly string[]): readonly string[] {
  const addresses = texts.map(emailKeyOf).filter((key) => key !== '');
  const invalid = addresses.find((address) => parseEmailAddress(address) === null);
  if (invalid !== undefined) {
    throw new AppError('invalid_request', `Undeliverable email address: ${invalid}`, {
      field: 'recipient',
      reason: 'invalid_email',
    });
  }
  return [...new Set(addresses)];
}
