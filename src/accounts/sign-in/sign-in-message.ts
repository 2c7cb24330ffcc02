import type { Language } from '../../shared/language.js';
import type { AccountId } from '../account.js';
import type { Visitor } from './visitor.js';

interface About {
  /** Null: the address has no account. */
  readonly accountId: AccountId | null;
  readonly to: string;
  readonly language: Language;
}

/** `token` opens the link: it is a secret of the addressee, never logged or kept once sent. */
interface Link extends About {
  readonly token: string;
  readonly expiresAt: Date;
}

/** What protects the account has changed. */
interface Notice extends About {
  readonly by: Pick<Visitor, 'agent' | 'network'>;
}

export type NoticeContent =
  | {
      readonly kind:
        | 'password_changed'
        | 'password_removed'
        | 'second_factor_on'
        | 'second_factor_off'
        | 'recovery_codes_renewed';
    }
  | { readonly kind: 'passkey_added' | 'passkey_removed'; readonly name: string }
  | { readonly kind: 'recovery_code_used'; readonly codesLeft: number };

export type NoticeMessage = NoticeContent & Notice;

export type LinkMessage = {
  readonly kind: 'sign_up_link' | 'sign_up_known' | 'password_link';
} & Link;

/**
 * What is written about signing in: `sign_up_known` in place of `sign_up_link` to an address that has an account, and
 * `password_unknown` in place of `password_link` to one that has none, so that whoever asks does not learn of it.
 */
export type SignInMessage =
  LinkMessage | ({ readonly kind: 'password_unknown' } & About) | NoticeMessage;
