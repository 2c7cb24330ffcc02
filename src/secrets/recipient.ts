import { parseEmailAddress } from '../accounts/email-address.js';
import { AppError } from '../shared/app-error.js';

const STARS = '*****';

/**
 * The recipients' addresses in lower case, without blanks and duplicates.
 * @throws AppError `invalid_request` with the first invalid address
 */
export function parseRecipients(texts: readonly string[]): readonly string[] {
  const addresses = texts.map((text) => text.trim().toLowerCase()).filter((text) => text !== '');
  const invalid = addresses.find((address) => parseEmailAddress(address) === null);
  if (invalid !== undefined) {
    throw new AppError('invalid_request', `Undeliverable email address: ${invalid}`, {
      field: 'recipient',
      reason: 'invalid_email',
    });
  }
  return [...new Set(addresses)];
}

/** `foo.bar@example.com` becomes `fo*****@e*****.com`. Only this form is stored. */
export function maskRecipient(address: string): string {
  const at = address.lastIndexOf('@');
  const [local, host] = [address.slice(0, at), address.slice(at + 1)];
  const topLevel = host.slice(host.lastIndexOf('.') + 1);
  return `${start(local, 2)}${STARS}@${start(host, 1)}${STARS}.${topLevel}`;
}

function start(text: string, count: number): string {
  return Array.from(text).slice(0, count).join('');
}
