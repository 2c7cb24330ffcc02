import { Module } from '@nestjs/common';
import { DomainsModule } from '../domains/domains.module.js';
import { DirectoryShareDomains } from './directory-share-domains.js';
import { ExpiredSecretsJob } from './expired-secrets.job.js';
import { KeyMask } from './key-mask.js';
import { PartitionsJob } from './partitions.job.js';
import { PassphraseQueue } from './passphrase-queue.js';
import { ReceiptStore } from './receipt.store.js';
import { ReceiptsService } from './receipts.service.js';
import { SecretCipher } from './secret-cipher.js';
import { SecretStore } from './secret.store.js';
import { SecretsService } from './secrets.service.js';
import { ShareDomains } from './share-domains.js';

// What this room knows: how a value is sealed, who may open it once, and what its sender may see.
// What it must not know: requests, statuses and texts of an API or a page, or how a caller was authenticated.
// No entities: the tables are partitioned, and one SQL statement each decides who wins (docs/decisions/0004 and 0005).

@Module({
  imports: [DomainsModule],
  providers: [
    { provide: ShareDomains, useClass: DirectoryShareDomains },
    KeyMask,
    SecretCipher,
    PassphraseQueue,
    SecretStore,
    ReceiptStore,
    SecretsService,
    ReceiptsService,
    ExpiredSecretsJob,
    PartitionsJob,
  ],
  exports: [SecretsService, ReceiptsService],
})
export class SecretsModule {}
