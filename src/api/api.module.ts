import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AccountSettingsModule } from '../accounts/settings/account-settings.module.js';
import { EmailChangeModule } from '../accounts/email-change/email-change.module.js';
import { SignInModule } from '../accounts/sign-in/sign-in.module.js';
import { BrandModule } from '../brand/brand.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { SetupModule } from '../setup/setup.module.js';
import { AccountClosingController } from './account/account-closing.controller.js';
import { AccountEmailController } from './account/account-email.controller.js';
import { AccountExportController } from './account/account-export.controller.js';
import { AccountExport } from './account/account-export.js';
import { ExportedDomains } from './account/exported-domains.js';
import { ExportedRooms } from './account/exported-rooms.js';
import { ExportedSignIn } from './account/exported-sign-in.js';
import { AccountWebhooksController } from './account/account-webhooks.controller.js';
import { AccountPasskeysController } from './account/account-passkeys.controller.js';
import { AccountPasswordController } from './account/account-password.controller.js';
import { AccountSecondFactorController } from './account/account-second-factor.controller.js';
import { AccountSessionsController } from './account/account-sessions.controller.js';
import { AccountTokensController } from './account/account-tokens.controller.js';
import { AccountController } from './account/account.controller.js';
import { DomainBrandController } from './domains/domain-brand.controller.js';
import { DomainCertificateController } from './domains/domain-certificate.controller.js';
import { DomainConfigController } from './domains/domain-config.controller.js';
import { DomainImagesController } from './domains/domain-images.controller.js';
import { DomainPolicyController } from './domains/domain-policy.controller.js';
import { DomainRemovalController } from './domains/domain-removal.controller.js';
import { DomainSetupLinkController } from './domains/domain-setup-link.controller.js';
import { DomainMovesController } from './domains/domain-moves.controller.js';
import { DomainTransferController } from './domains/domain-transfer.controller.js';
import { DomainsController } from './domains/domains.controller.js';
import { IdempotencyKeys } from './domains/idempotency-keys.js';
import { DocsController } from './openapi/docs.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { RetentionController } from './retention/retention.controller.js';
import { V1ReceiptsController } from './v1/v1-receipts.controller.js';
import { V1SecretsController } from './v1/v1-secrets.controller.js';
import { V2MetaController } from './v2/v2-meta.controller.js';
import { V2ReceiptAnswers } from './v2/v2-receipt-answers.js';
import { V2ReceiptsController } from './v2/v2-receipts.controller.js';
import { V2SecretAnswers } from './v2/v2-secret-answers.js';
import { V2SecretsController } from './v2/v2-secrets.controller.js';

// What this room knows: the wire of the API: paths, parameters, field names, statuses, texts.
// What it must not know: how a secret is stored or claimed, who holds a name, or what a page looks like.

/** The application that imports it provides AccountMail, the limits, CertificatesService, DomainSettings and WebhooksService. */
@Module({
  imports: [
    AccountsModule,
    EmailChangeModule,
    AccountSettingsModule,
    SignInModule,
    SecretsModule,
    DomainsModule,
    SetupModule,
    BrandModule,
  ],
  controllers: [
    V1SecretsController,
    V1ReceiptsController,
    V2MetaController,
    V2SecretsController,
    V2ReceiptsController,
    DomainsController,
    DomainRemovalController,
    DomainConfigController,
    DomainPolicyController,
    DomainBrandController,
    DomainImagesController,
    DomainCertificateController,
    DomainSetupLinkController,
    DomainTransferController,
    DomainMovesController,
    AccountController,
    AccountTokensController,
    AccountSessionsController,
    AccountPasswordController,
    AccountPasskeysController,
    AccountSecondFactorController,
    AccountWebhooksController,
    AccountClosingController,
    AccountEmailController,
    AccountExportController,
    OpenApiController,
    DocsController,
    RetentionController,
  ],
  providers: [
    AccountExport,
    ExportedDomains,
    ExportedRooms,
    ExportedSignIn,
    V2SecretAnswers,
    V2ReceiptAnswers,
    IdempotencyKeys,
  ],
})
export class ApiModule {}
