import { Module } from '@nestjs/common';
import { AccountLinkStore } from '../links/account-link.store.js';
import { LinkCompletions } from '../links/link-completions.js';
import { LinkRequests } from '../links/link-requests.js';
import { NewPasswords } from '../links/new-passwords.service.js';
import { SignUps } from '../links/sign-ups.service.js';
import { PasswordHashes } from '../password/password-hashes.js';
import { Passwords } from '../password/passwords.service.js';
import { SignInMetrics } from './sign-in-metrics.js';
import { SignInStore } from './sign-in.store.js';
import { SignIns } from './sign-ins.service.js';

/** The application that imports it provides AccountMail, CellConfig, the limits and the metrics. */
@Module({
  providers: [
    PasswordHashes,
    Passwords,
    SignInMetrics,
    SignInStore,
    SignIns,
    AccountLinkStore,
    LinkRequests,
    LinkCompletions,
    SignUps,
    NewPasswords,
  ],
  exports: [Passwords, SignIns, SignUps, NewPasswords],
})
export class SignInModule {}
