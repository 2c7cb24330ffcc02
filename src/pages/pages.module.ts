import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { SignInModule } from '../accounts/sign-in/sign-in.module.js';
import { BrandModule } from '../brand/brand.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { SetupModule } from '../setup/setup.module.js';
import { EmailChangeModule } from '../accounts/email-change/email-change.module.js';
import { AccountSettingsModule } from '../accounts/settings/account-settings.module.js';
import { AccountOverview } from './account/account-overview.js';
import { ClosingPageController } from './account/closing-page.controller.js';
import { EmailPageController } from './account/email-page.controller.js';
import { ExportPageController } from './account/export-page.controller.js';
import { AccountPageController } from './account/account-page.controller.js';
import { AccountSecurity } from './account/account-security.js';
import { AuthenticatorPageController } from './account/authenticator-page.controller.js';
import { ActivityPageController } from './account/activity-page.controller.js';
import { AccountLinksPageController } from './account/links-page.controller.js';
import { PasskeySignInController } from './account/passkey-sign-in.controller.js';
import { PasskeysPageController } from './account/passkeys-page.controller.js';
import { PasswordPageController } from './account/password-page.controller.js';
import { RecoveryCodesPageController } from './account/recovery-codes-page.controller.js';
import { SecurityPageController } from './account/security-page.controller.js';
import { SecretsPageController } from './account/secrets-page.controller.js';
import { SessionsPageController } from './account/sessions-page.controller.js';
import { SignInAgainController } from './account/sign-in-again.controller.js';
import { SignInPageController } from './account/sign-in-page.controller.js';
import { TokensPageController } from './account/tokens-page.controller.js';
import { WebhookPageController } from './account/webhook-page.controller.js';
import { WebhooksPageController } from './account/webhooks-page.controller.js';
import { DomainsPageController } from './domains/domains-page.controller.js';
import { LinksPageController } from './domains/links-page.controller.js';
import { ProgressController } from './domains/progress.controller.js';
import { BrandPageController } from './domains/brand-page.controller.js';
import { BrandStyleController } from './domains/brand-style.controller.js';
import { ImageFileController } from './domains/image-file.controller.js';
import { ImagesPageController } from './domains/images-page.controller.js';
import { PolicyPageController } from './domains/policy-page.controller.js';
import { ReceivePageController } from './domains/receive-page.controller.js';
import { SetupPageController } from './domains/setup-page.controller.js';
import { ReturnPageController } from './domains/return-page.controller.js';
import { TransferPageController } from './domains/transfer-page.controller.js';
import { VisitPageController } from './domains/visit-page.controller.js';
import { CreatePageController } from './public/create-page.controller.js';
import { CreatedPageController } from './public/created-page.controller.js';
import { CreatedPages } from './public/created-pages.js';
import { MailLinkPageController } from './public/mail-link-page.controller.js';
import { PageFrames } from './frame/frames.js';
import { FormNonces } from './frame/form-nonces.js';
import { GeneratedValues } from './public/generated-values.js';
import { PageErrors } from './public/page-error.js';
import { BrandImagesController } from './frame/brand-images.controller.js';
import { PageFilesController } from './frame/page-files.controller.js';
import { Presses } from './frame/presses.js';
import { ReceiptPageController } from './public/receipt-page.controller.js';
import { SecretPageController } from './public/secret-page.controller.js';
import { UnsubscribePageController } from './public/unsubscribe-page.controller.js';

// What this room knows: the pages, and how a browser must treat them.
// What it must not know: the API's wire, or how a secret is stored.

@Module({
  imports: [
    AccountsModule,
    AccountSettingsModule,
    EmailChangeModule,
    SignInModule,
    SecretsModule,
    DomainsModule,
    SetupModule,
    BrandModule,
  ],
  controllers: [
    CreatePageController,
    CreatedPageController,
    MailLinkPageController,
    SecretPageController,
    ReceiptPageController,
    PageFilesController,
    BrandImagesController,
    UnsubscribePageController,
    SignInPageController,
    SignInAgainController,
    PasskeySignInController,
    AccountLinksPageController,
    AccountPageController,
    SecretsPageController,
    ActivityPageController,
    EmailPageController,
    ExportPageController,
    ClosingPageController,
    WebhooksPageController,
    WebhookPageController,
    TokensPageController,
    SessionsPageController,
    SecurityPageController,
    PasswordPageController,
    PasskeysPageController,
    AuthenticatorPageController,
    RecoveryCodesPageController,
    DomainsPageController,
    ReceivePageController,
    TransferPageController,
    ProgressController,
    SetupPageController,
    LinksPageController,
    PolicyPageController,
    BrandPageController,
    BrandStyleController,
    ImagesPageController,
    ImageFileController,
    VisitPageController,
    ReturnPageController,
  ],
  providers: [
    PageFrames,
    FormNonces,
    Presses,
    GeneratedValues,
    CreatedPages,
    PageErrors,
    AccountSecurity,
    AccountOverview,
  ],
  exports: [PageErrors],
})
export class PagesModule {}
