import { z } from 'zod';

/** An e-mail address as the customer wrote it, trimmed, at most 254 characters (RFC 5321). */
export type EmailAddress = string & z.$brand<'EmailAddress'>;

/** The form in which addresses are compared: trimmed, in lower case. */
export type EmailKey = string & z.$brand<'EmailKey'>;

const LENGTH_MAX = 254;

const emailAddress = z.string().trim().max(LENGTH_MAX).pipe(z.email());

/** The address in `text`, or null when it is malformed. */
export function parseEmailAddress(text: string): EmailAddress | null {
  const parsed = emailAddress.safeParse(text);
  return parsed.success ? (parsed.data as EmailAddress) : null;
}

/** Accepts any text: sign-in looks an address up without validating it. */
export function emailKeyOf(text: string): EmailKey {
  return text.trim().toLowerCase() as EmailKey;
}
