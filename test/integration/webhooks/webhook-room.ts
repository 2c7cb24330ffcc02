import { Registry } from 'prom-client';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { OutboxListeners } from '../../../src/outbox/outbox-listeners.js';
import { OutboxReader } from '../../../src/outbox/outbox-reader.js';
import { NetworkList } from '../../../src/shared/network.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';
import { DeliveryLog } from '../../../src/webhooks/delivery-log.js';
import { DeliveryQueue } from '../../../src/webhooks/delivery-queue.js';
import { TargetLookup } from '../../../src/webhooks/target-addresses.js';
import { WebhookDelivery } from '../../../src/webhooks/webhook-delivery.js';
import { WebhookEventsJob } from '../../../src/webhooks/webhook-events.job.js';
import { WebhookMetrics } from '../../../src/webhooks/webhook-metrics.js';
import { WebhookSender } from '../../../src/webhooks/webhook-request.js';
import type { WebhookSettings } from '../../../src/webhooks/webhook-settings.js';
import { WebhookVault } from '../../../src/webhooks/webhook-vault.js';
import { WebhookJob } from '../../../src/webhooks/webhook.job.js';
import { WebhookStore } from '../../../src/webhooks/webhook.store.js';
import { WebhooksService } from '../../../src/webhooks/webhooks.service.js';
import type { TestDatabase } from '../../support/test-database.js';
import { ROOT_KEY } from '../secrets/support.js';

/** What a look-up of a name gives; each look-up of a name takes the next. */
export type Answers = (name: string) => readonly string[];

export interface WebhookRoom {
  readonly service: WebhooksService;
  readonly queue: DeliveryQueue;
  readonly events: WebhookEventsJob;
  readonly job: WebhookJob;
  readonly metrics: Registry;
  /** Reads the events, and sends what is due, until nothing is. */
  flush(): Promise<void>;
}

/** The room in one process, without its loops. */
export function openWebhookRoom(
  { dataSource, statements }: TestDatabase,
  settings: Partial<WebhookSettings> = {},
  answers: Answers = () => [],
): WebhookRoom {
  const config = { region: 'eu', rootKeys: [ROOT_KEY] } as unknown as CellConfig;
  const all: WebhookSettings = {
    privateTargets: new NetworkList([]),
    roots: null,
    attemptMs: 5000,
    parallel: 32,
    ...settings,
  };
  const resolver = {
    lookup: (name: string, type: string) => {
      const values = type === 'A' ? answers(name) : [];
      const answer = values.length === 0 ? { status: 'nodata' } : { status: 'ok', values };
      return Promise.resolve({ answer });
    },
  } as unknown as DnsResolver;
  const metrics = new Registry();
  const vault = new WebhookVault(config, new UnopenedCiphertexts(new Registry()));
  const store = new WebhookStore(dataSource, new OutboxListeners(dataSource));
  const queue = new DeliveryQueue(dataSource, statements);
  const sender = new WebhookSender(new TargetLookup(resolver, all), all);
  const counted = new WebhookMetrics(metrics, queue);
  const delivery = new WebhookDelivery(queue, sender, vault, store, counted);
  const job = new WebhookJob(all, queue, delivery);
  const events = new WebhookEventsJob(new OutboxReader(dataSource, statements), queue);
  return {
    service: new WebhooksService(all, store, vault, new DeliveryLog(dataSource)),
    queue,
    events,
    job,
    metrics,
    flush: async () => {
      while (await events.round());
      for (let rounds = 0; (await job.round()) > 0; rounds += 1)
        if (rounds > 200) throw new Error('the same events are sent for ever');
    },
  };
}
