import { Module } from '@nestjs/common';
import { AccountLinkStore } from '../links/account-link.store.js';
import { LinkCompletions } from '../links/link-completions.js';
import { LinkRequests } from '../links/link-requests.js';
import { NewPasswords } from '../links/new-passwords.service.js';
import { SignUps } from '../links/sign-ups.service.js';
import { PasskeySignUps } from '../links/passkey-sign-ups.service.js';
import { PasskeyCeremonies } from '../passkeys/passkey-ceremonies.js';
import { PasskeyChallenges } from '../passkeys/passkey-challenges.js';
import { PasskeySignIns } from '../passkeys/passkey-sign-ins.service.js';
import { PasskeyStore } from '../passkeys/passkey.store.js';
import { Passkeys } from '../passkeys/passkeys.service.js';
import { PasswordHashes } from '../password/password-hashes.js';
import { Passwords } from '../password/passwords.service.js';
import { CodeTries } from '../second-factor/code-tries.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import { SecondFactors } from '../second-factor/second-factors.service.js';
import { TotpVault } from '../second-factor/totp-vault.js';
import { ProtectedChanges } from './protected-changes.js';
import { SecondSteps } from './second-steps.service.js';
import { SignInExport } from './sign-in-export.js';
import { SignInReports } from './sign-in-reports.js';
import { SignInMetrics } from './sign-in-metrics.js';
import { SignInStore } from './sign-in.store.js';
import { SignIns } from './sign-ins.service.js';

/** The application that imports it provides AccountMail, PasskeyHost, CellConfig, Clock, the limits and the metrics. */
@Module({
  providers: [
    PasswordHashes,
    Passwords,
    TotpVault,
    SecondFactorStore,
    CodeTries,
    SecondFactors,
    SecondSteps,
    ProtectedChanges,
    PasskeyStore,
    PasskeyChallenges,
    PasskeyCeremonies,
    Passkeys,
    PasskeySignIns,
    PasskeySignUps,
    SignInReports,
    SignInExport,
    SignInMetrics,
    SignInStore,
    SignIns,
    AccountLinkStore,
    LinkRequests,
    LinkCompletions,
    SignUps,
    NewPasswords,
  ],
  exports: [
    Passwords,
    Passkeys,
    PasskeySignIns,
    PasskeySignUps,
    SecondFactors,
    SecondSteps,
    SignIns,
    SignUps,
    NewPasswords,
    SignInExport,
  ],
})
export class SignInModule {}
