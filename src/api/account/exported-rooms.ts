import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../accounts/account.js';
import { ReceiptExport } from '../../secrets/receipt-export.js';
import { WebhooksService } from '../../webhooks/webhooks.service.js';
import { snakeCased, type ExportSection } from './export-section.js';
import { ExportedDomains } from './exported-domains.js';
import { IdempotencyKeys } from '../domains/idempotency-keys.js';
import { presentAttempt, presentWebhook } from './webhook-presenter.js';

/** What the other rooms keep about an account. */
@Injectable()
export class ExportedRooms {
  readonly sections: readonly ExportSection[];

  constructor(
    domains: ExportedDomains,
    private readonly receipts: ReceiptExport,
    private readonly idempotencyKeys: IdempotencyKeys,
    private readonly webhooks: WebhooksService,
  ) {
    this.sections = [
      ...domains.sections,
      { name: 'webhooks', pages: (id) => this.#webhooks(id) },
      { name: 'webhook_deliveries', pages: (id) => this.#webhookAttempts(id) },
      { name: 'secrets', pages: (id) => snakeCased(this.receipts.pages(id)) },
      { name: 'idempotency_keys', pages: (id) => snakeCased(this.idempotencyKeys.pages(id)) },
    ];
  }

  async *#webhooks(id: AccountId): AsyncGenerator<readonly object[]> {
    yield (await this.webhooks.list(id)).map(presentWebhook);
  }

  async *#webhookAttempts(id: AccountId): AsyncGenerator<readonly object[]> {
    for (const webhook of await this.webhooks.list(id))
      for await (const page of this.webhooks.allAttempts(webhook))
        yield page.map((attempt) => ({ webhook_id: webhook.id, ...presentAttempt(attempt) }));
  }
}
