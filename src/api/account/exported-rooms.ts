import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../accounts/account.js';
import { CertificatesService } from '../../certificates/certificates.service.js';
import { DomainExport } from '../../domains/claims/domain-export.js';
import { isProven } from '../../domains/ownership.js';
import { ReceiptExport } from '../../secrets/receipt-export.js';
import { WebhooksService } from '../../webhooks/webhooks.service.js';
import { presentCertificate } from '../domains/certificate-presenter.js';
import { IdempotencyKeys } from '../domains/idempotency-keys.js';
import { toSnakeCase } from '../domains/snake-case.js';
import { presentAttempt, presentWebhook } from './webhook-presenter.js';

/** One list of the export: what one room keeps about an account, page by page, without keys, values and hashes. */
export interface ExportSection {
  readonly name: string;
  pages(accountId: AccountId): AsyncIterable<readonly object[]>;
}

/** What the other rooms keep about an account. */
@Injectable()
export class ExportedRooms {
  readonly sections: readonly ExportSection[];

  constructor(
    private readonly domains: DomainExport,
    private readonly certificates: CertificatesService,
    private readonly receipts: ReceiptExport,
    private readonly idempotencyKeys: IdempotencyKeys,
    private readonly webhooks: WebhooksService,
  ) {
    this.sections = [
      { name: 'domains', pages: (id) => this.#domains(id) },
      { name: 'domain_events', pages: (id) => snakeCased(this.domains.events(id)) },
      { name: 'setup_links', pages: (id) => snakeCased(this.domains.setupLinks(id)) },
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

  /** With the certificates of the proven names: those of other claims belong to somebody else. */
  async *#domains(id: AccountId): AsyncGenerator<readonly object[]> {
    for await (const page of this.domains.domains(id)) {
      const proven = page.filter((domain) => isProven(domain) && domain.removedAt === null);
      const views = await this.certificates.viewMany(proven.map(({ hostname }) => hostname));
      yield page.map((domain) => {
        const view = proven.includes(domain) ? views.get(domain.hostname) : undefined;
        return {
          ...(toSnakeCase(domain) as object),
          certificate: view === undefined ? null : presentCertificate(view),
        };
      });
    }
  }
}

async function* snakeCased(pages: AsyncIterable<readonly object[]>): AsyncGenerator<object[]> {
  for await (const page of pages) yield page.map((each) => toSnakeCase(each) as object);
}
