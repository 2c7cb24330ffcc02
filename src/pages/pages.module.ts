import { Module } from '@nestjs/common';
import { SecretsModule } from '../secrets/secrets.module.js';
import { CreatePageController } from './create-page.controller.js';
import { CreatedPageController } from './created-page.controller.js';
import { FormNonces } from './form-nonces.js';
import { GeneratedValues } from './generated-values.js';
import { PageErrors } from './page-error.js';
import { PageFilesController } from './page-files.controller.js';
import { Presses } from './presses.js';
import { ReceiptPageController } from './receipt-page.controller.js';
import { SecretPageController } from './secret-page.controller.js';
import { UnsubscribePageController } from './unsubscribe-page.controller.js';

// What this room knows: the pages, and how a browser must treat them.
// What it must not know: the API's wire, or how a secret is stored.

@Module({
  imports: [SecretsModule],
  controllers: [
    CreatePageController,
    CreatedPageController,
    SecretPageController,
    ReceiptPageController,
    PageFilesController,
    UnsubscribePageController,
  ],
  providers: [FormNonces, Presses, GeneratedValues, PageErrors],
  exports: [PageErrors],
})
export class PagesModule {}
