import type { NameRefusalCode } from '../../domains/domain-name.js';
import { AppError } from '../../shared/app-error.js';

const UPSTREAM_TEXTS = [
  'Please enter a domain',
  'This domain overlaps with the default site domain',
] as const;
const UPSTREAM_TEXT = 'Not a valid public domain';
const REFUSALS: ReadonlySet<string | undefined> = new Set<NameRefusalCode>([
  'DOMAIN_INVALID',
  'PUBLIC_SUFFIX',
  'RESERVED_NAME',
  'IDN_INVALID',
]);

/** Awaits `claim`. A refusal of the name gets upstream's text, which clients match, and our text becomes its hint. */
export async function withUpstreamTexts<T>(claim: Promise<T>): Promise<T> {
  try {
    return await claim;
  } catch (error) {
    throw error instanceof AppError && REFUSALS.has(error.reason) ? refusalOf(error) : error;
  }
}

function refusalOf({ code, message, field, reason }: AppError): AppError {
  const text = UPSTREAM_TEXTS.find((known) => message.startsWith(known)) ?? UPSTREAM_TEXT;
  return new AppError(code, text, {
    hint: message,
    ...(field === undefined ? {} : { field }),
    ...(reason === undefined ? {} : { reason }),
  });
}
