import { z } from 'zod';

/** An account's e-mail address as its owner wrote it, trimmed, at most 254 characters (RFC 5321). */
export type EmailAddress = string & z.$brand<'EmailAddress'>;

/** An address as it is compared: without regard to case. */
export type EmailKey = string & z.$brand<'EmailKey'>;

const LENGTH_MAX = 254;

const emailAddress = z.string().trim().max(LENGTH_MAX).pipe(z.email());

/** The address in `text`, or null when it is none. */
export function parseEmailAddress(text: string): EmailAddress | null {
  const parsed = emailAddress.safeParse(text);
  return parsed.success ? (parsed.data as EmailAddress) : null;
}

/** Takes any text: at sign-in an address is looked up, not judged. */
export function emailKeyOf(text: string): EmailKey {
  return text.trim().toLowerCase() as EmailKey;
}
