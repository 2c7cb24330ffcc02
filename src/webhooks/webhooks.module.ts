import { Module } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { DnsResolver } from '../dns/dns-resolver.js';
import { DeliveryLog } from './delivery-log.js';
import { DeliveryQueue } from './delivery-queue.js';
import { TargetLookup } from './target-addresses.js';
import { WebhookDelivery } from './webhook-delivery.js';
import { WebhookEventsJob } from './webhook-events.job.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { WebhookSender } from './webhook-request.js';
import { WEBHOOK_TIMING, WebhookSettings } from './webhook-settings.js';
import { WebhookVault } from './webhook-vault.js';
import { WebhookJob } from './webhook.job.js';
import { WebhookStore } from './webhook.store.js';
import { WebhooksService } from './webhooks.service.js';

// What this room knows: who is sent which events, and how a request is signed, sent to where it may go, and retried.
// What it must not know: what an event means, and what else follows from it.

/** Provides WebhooksService to the whole cell. */
@Module({
  providers: [
    {
      provide: WebhookSettings,
      inject: [CellConfig],
      useFactory: ({ webhookPrivateTargets }: CellConfig): WebhookSettings => ({
        ...WEBHOOK_TIMING,
        privateTargets: webhookPrivateTargets,
        roots: null,
      }),
    },
    {
      provide: TargetLookup,
      inject: [DnsResolver, WebhookSettings],
      useFactory: (resolver: DnsResolver, settings: WebhookSettings) =>
        new TargetLookup(resolver, settings),
    },
    WebhookVault,
    WebhookStore,
    DeliveryLog,
    DeliveryQueue,
    WebhookMetrics,
    WebhookSender,
    WebhookDelivery,
    WebhookEventsJob,
    WebhookJob,
    WebhooksService,
  ],
  exports: [WebhooksService],
})
export class WebhooksModule {}
