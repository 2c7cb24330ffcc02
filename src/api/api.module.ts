import { Module } from '@nestjs/common';
import { SecretsModule } from '../secrets/secrets.module.js';
import { V1ReceiptsController } from './v1/v1-receipts.controller.js';
import { V1SecretsController } from './v1/v1-secrets.controller.js';

// What this room knows: the wire of the API: paths, parameters, field names, statuses, texts.
// What it must not know: how a secret is kept, who wins it, or what a page looks like.

@Module({
  imports: [SecretsModule],
  controllers: [V1SecretsController, V1ReceiptsController],
})
export class ApiModule {}
