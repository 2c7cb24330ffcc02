import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { ClosedAccountsJob } from './closed-accounts.job.js';
import { AccountClosing } from './account-closing.js';
import { AccountRemoval } from './account-removal.js';
import { DirectoryShareDomains } from './directory-share-domains.js';
import { ExpiredSecretsJob } from './expired-secrets.job.js';
import { KeyMaskEntity } from './key-mask.entity.js';
import { KeyMask } from './key-mask.js';
import { MailedLinks } from './mailed-links.js';
import { NewLinks } from './new-links.js';
import { OwnReceipts } from './own-receipts.js';
import { PartitionsJob } from './partitions.job.js';
import { PassphraseQueue } from './passphrase-queue.js';
import { ReceiptExport } from './receipt-export.js';
import { PressStore } from './press.store.js';
import { ReceiptMemos } from './receipt-memos.js';
import { ReceiptStore } from './receipt.store.js';
import { ReceiptsService } from './receipts.service.js';
import { RetentionReport } from './retention-report.js';
import { SecretCipher } from './secret-cipher.js';
import { SecretLooks } from './secret-looks.js';
import { SecretStore } from './secret.store.js';
import { SecretsService } from './secrets.service.js';
import { ShareDomains } from './share-domains.js';

// What this room knows: how a value is sealed, who may open it once, and what its sender may see.
// What it must not know: requests, statuses and texts of an API or a page, or how a caller was authenticated.
// Secrets and receipts are no entities: partitioned tables, and single statements that decide who wins (docs/decisions/0004, 0005).

@Module({
  imports: [TypeOrmModule.forFeature([KeyMaskEntity]), AccountsModule, DomainsModule],
  providers: [
    { provide: ShareDomains, useClass: DirectoryShareDomains },
    KeyMask,
    SecretCipher,
    PassphraseQueue,
    SecretStore,
    ReceiptStore,
    ReceiptExport,
    PressStore,
    NewLinks,
    SecretsService,
    ReceiptsService,
    ReceiptMemos,
    OwnReceipts,
    MailedLinks,
    SecretLooks,
    AccountClosing,
    AccountRemoval,
    ExpiredSecretsJob,
    RetentionReport,
    PartitionsJob,
    ClosedAccountsJob,
  ],
  exports: [
    RetentionReport,
    SecretsService,
    ReceiptsService,
    ReceiptExport,
    ReceiptMemos,
    OwnReceipts,
    MailedLinks,
    SecretLooks,
    AccountClosing,
    AccountRemoval,
    PressStore,
  ],
})
export class SecretsModule {}
