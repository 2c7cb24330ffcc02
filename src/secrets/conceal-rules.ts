import type { PlanLimits } from '../accounts/plans.js';
import type { Caller } from '../auth/caller.js';
import { AppError } from '../shared/app-error.js';
import { PASSPHRASE_LENGTH, TTL_SECONDS } from '../shared/conceal-bounds.js';
import { type ConcealOffer, limitsOf, offerTo } from './conceal-offer.js';
import { PASSPHRASE_RULE, preparePassphrase } from './passphrase-rule.js';
import type { ConcealSecret } from './receipt.js';
import { parseRecipients } from './recipient.js';

const TTL_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i;
const NEEDS_ACCOUNT = 'An account is required to send emails.';
/** The most wrong passphrases that an owner can allow before the secret is burned. */
export const GUESSES_MAX = 100;

/** What is granted of a request. */
export interface ConcealTerms {
  readonly ttlSeconds: number;
  readonly passphrase: string | null;
  readonly guessesMax?: number;
  readonly recipients: readonly string[];
  readonly notifiesOpened: boolean;
}

/** Checks a new secret against the caller's plan. @throws AppError `invalid_request` for the first broken rule */
export function termsOf(caller: Caller, command: ConcealSecret): ConcealTerms {
  checkValue(command, limitsOf(caller));
  return {
    ttlSeconds: grantedTtlSeconds(command.ttlSeconds, offerTo(caller)),
    passphrase: checkedPassphrase(command.passphrase),
    ...checkedGuesses(command),
    recipients: checkedRecipients(caller, command.recipients),
    notifiesOpened: checkedNotice(caller, command),
  };
}

/**
 * The terms within the policy of the domain in the link, which is known only after termsOf().
 * @throws AppError `invalid_request` for a passphrase that is missing or too short
 */
export function underPolicy(
  terms: ConcealTerms,
  { ttlSeconds }: ConcealSecret,
  offer: ConcealOffer,
): ConcealTerms {
  const { isPassphraseRequired, passphraseLength } = offer;
  const { passphrase } = terms;
  if (passphrase === null && isPassphraseRequired) {
    throw refused('A passphrase is required', 'passphrase', 'missing');
  }
  if (passphrase !== null) checkLength(passphrase, passphraseLength);
  return { ...terms, ttlSeconds: grantedTtlSeconds(ttlSeconds, offer) };
}

/**
 * The TTL in a parameter or a form's field: null, the default, for an absent, empty or zero one, which clients send for
 * "unset". Anything else that is not a number of seconds is the minimum.
 */
export function readTtlSeconds(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  if (!TTL_NUMBER.test(trimmed)) return TTL_SECONDS.min;
  const seconds = Math.min(Number(trimmed), Number.MAX_SAFE_INTEGER);
  if (seconds === 0 && !/[1-9]/.test(mantissaOf(trimmed))) return null;
  return Math.max(Math.trunc(seconds), TTL_SECONDS.min);
}

/** After how many wrong passphrases the secret is burned: null when absent or empty, 0 for what is no whole number. */
export function readGuessesMax(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  const number = Number(trimmed);
  return TTL_NUMBER.test(trimmed) && Number.isSafeInteger(number) ? number : 0;
}

/** The TTL in seconds: the default for null, zero or no number, clamped to what is offered. */
export function grantedTtlSeconds(
  asked: number | null,
  { ttlSecondsDefault, ttlSecondsMax }: Pick<ConcealOffer, 'ttlSecondsDefault' | 'ttlSecondsMax'>,
): number {
  const seconds = asked || ttlSecondsDefault;
  return Math.min(Math.max(Math.trunc(seconds), TTL_SECONDS.min), ttlSecondsMax);
}

/** `1e-999` rounds to zero, but it is a fraction that was asked for. */
function mantissaOf(number: string): string {
  return number.replace(/e.*$/i, '');
}

function checkValue({ kind, value }: ConcealSecret, { secretBytesMax }: PlanLimits): void {
  if (kind === 'share' && value === '') {
    throw refused('You did not provide anything to share', 'secret', 'missing');
  }
  if (Buffer.byteLength(value, 'utf8') > secretBytesMax) {
    const message = `Secret value exceeds the maximum size of ${secretBytesMax} bytes`;
    throw refused(message, 'secret', 'too_long', secretBytesMax);
  }
}

function checkedPassphrase(passphrase: string | null): string | null {
  if (passphrase === null || passphrase === '') return null;
  const prepared = preparePassphrase(passphrase, PASSPHRASE_RULE);
  checkLength(prepared, PASSPHRASE_LENGTH);
  return prepared;
}

function checkLength(prepared: string, { min, max }: ConcealOffer['passphraseLength']): void {
  const length = Array.from(prepared).length;
  if (length < min) {
    const message = `Passphrase must be at least ${min} characters long`;
    throw refused(message, 'passphrase', 'too_short', min);
  }
  if (length > max) {
    const message = `Passphrase must be no more than ${max} characters long`;
    throw refused(message, 'passphrase', 'too_long', max);
  }
}

function checkedGuesses({
  passphrase,
  guessesMax = null,
}: ConcealSecret): Pick<ConcealTerms, 'guessesMax'> {
  if (guessesMax === null) return {};
  if (!Number.isInteger(guessesMax) || guessesMax < 1 || guessesMax > GUESSES_MAX) {
    const message = `passphrase_attempts must be a whole number from 1 to ${GUESSES_MAX}`;
    throw refused(message, 'passphrase_attempts', 'invalid');
  }
  if (!passphrase) {
    throw refused('passphrase_attempts needs a passphrase', 'passphrase_attempts', 'invalid');
  }
  return { guessesMax };
}

function checkedNotice({ account }: Caller, { notifiesOpened = false }: ConcealSecret): boolean {
  if (notifiesOpened && account === null)
    throw refused(NEEDS_ACCOUNT, 'notify_opened', 'requires_account');
  return notifiesOpened;
}

function checkedRecipients(caller: Caller, texts: readonly string[]): readonly string[] {
  const isAddressed = texts.some((text) => text.trim() !== '');
  if (isAddressed && caller.account === null) {
    throw refused(NEEDS_ACCOUNT, 'recipient', 'requires_account');
  }
  return parseRecipients(texts);
}

/** `field` and `reason` are for the API; each of its versions has its own words for them. */
export type ConcealRefusal = 'missing' | 'too_long' | 'too_short' | 'invalid' | 'requires_account';

function refused(message: string, field: string, reason: ConcealRefusal, limit?: number): AppError {
  const options = { field, reason };
  return new AppError(
    'invalid_request',
    message,
    limit === undefined ? options : { ...options, limit },
  );
}
