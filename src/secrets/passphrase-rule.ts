import { unavailable } from '../shared/app-error.js';

/** The rule for new secrets. It is stored with each, so that a later rule leaves the earlier secrets readable. */
export const PASSPHRASE_RULE = 1;

/**
 * More than any passphrase that can be set: 128 characters after NFKC, which composes one of at most four code points of
 * two units each. Normalising a mebibyte of combining marks takes a minute.
 */
const TYPED_LENGTH_MAX = 1024;

/** Every blank in a line: the no-break space of a phone's keyboard, the ideographic space of an input method, a tab. */
const BLANK = /[\t\p{Zs}]/gu;

/**
 * The passphrase as it is stretched. By rule 1 every blank becomes a space, then the text is normalised by NFKC (NIST SP
 * 800-63B): one person's keyboard composes `é` or types full-width letters, another's does not. Null is the rule of
 * secrets from before there was one: as typed. A text that is too long for a passphrase is cut and stays too long for one.
 */
export function preparePassphrase(passphrase: string, rule: number | null): string {
  if (passphrase.length > TYPED_LENGTH_MAX) return passphrase.slice(0, TYPED_LENGTH_MAX);
  if (rule === null) return passphrase;
  if (rule !== PASSPHRASE_RULE) throw unavailable(new Error(`passphrase rule ${rule} is unknown`));
  return passphrase.replace(BLANK, ' ').normalize('NFKC');
}
