import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import type { SignInMessage } from '../sign-in/sign-in-message.js';

/** What is written to whoever reads the address of an account. */
export type AccountMessage = AddressMessage | SignInMessage;

/** Of a change of address. `code` is a secret of the addressee: it is never logged or kept once sent. */
export type AddressMessage =
  | {
      readonly kind: 'email_change_old';
      readonly accountId: AccountId;
      /** The address until now. */
      readonly to: string;
      readonly code: string;
      readonly newEmail: string;
      readonly expiresAt: Date;
    }
  | {
      readonly kind: 'email_change_new';
      readonly accountId: AccountId;
      readonly to: string;
      readonly code: string;
      readonly expiresAt: Date;
    }
  | {
      /** In place of `email_change_new`, to an address that has an account: whoever asks does not learn of it. */
      readonly kind: 'email_in_use';
      readonly accountId: AccountId;
      readonly to: string;
    }
  | {
      readonly kind: 'email_changed';
      readonly accountId: AccountId;
      /** The address before. */
      readonly to: string;
      readonly newEmail: string;
    };

/** How this room writes to people. A room that sends mail implements it. */
@Injectable()
export abstract class AccountMail {
  /** Whether what is accepted goes out. */
  abstract readonly isConfigured: boolean;

  /** Accepts a message for sending, in the transaction of the change: what is rolled back is not sent. */
  abstract accept(manager: EntityManager, message: AccountMessage): Promise<void>;
}
