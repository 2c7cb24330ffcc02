import type { PasskeyRecord } from '../../../accounts/passkeys/passkey.js';

/** A form of the security page that is shown again. */
export interface RefusedForm {
  /** The id of a passkey: of its new name. Null: of one without fields. */
  readonly form: 'passkey' | 'password' | PasskeyRecord['id'] | null;
  /** The name that was typed. */
  readonly name?: string;
  /** Absent: it was not refused, but its owner had to sign in again. */
  readonly alert?: string;
}
