import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { appendEvent } from '../../../src/outbox/append-event.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { NetworkList } from '../../../src/shared/network.js';
import { WEBHOOK_EVENTS } from '../../../src/webhooks/webhook.js';
import type { WebhookSettings } from '../../../src/webhooks/webhook-settings.js';
import type { NewSecretValue } from '../../../src/webhooks/webhooks.service.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { WebhookTarget } from '../../support/webhook-target.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { openWebhookRoom, type Answers, type WebhookRoom } from './webhook-room.js';

export const HOST = 'hooks.example.com';

/** A database, real HTTPS targets on 127.0.0.1, and rooms that may send there. */
export class WebhookScene {
  readonly #targets: WebhookTarget[] = [];
  #names = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly authority: TestAuthority,
  ) {}

  static async start(): Promise<WebhookScene> {
    const [database, authority] = await Promise.all([openTestDatabase(), openTestAuthority()]);
    return new WebhookScene(database, authority);
  }

  /** One process. */
  room(
    settings: Partial<WebhookSettings> = {},
    answers: Answers = () => ['127.0.0.1'],
  ): WebhookRoom {
    const privateTargets = new NetworkList(['127.0.0.0/8']);
    const roots = this.authority.rootPem;
    return openWebhookRoom(this.database, { privateTargets, roots, ...settings }, answers);
  }

  /** @param name that the certificate has */
  async target(name = HOST): Promise<WebhookTarget> {
    const { privateKeyPem, chainPem } = await this.authority.authority.issue(requireHostname(name));
    const target = await WebhookTarget.start({ key: privateKeyPem, cert: chainPem });
    this.#targets.push(target);
    return target;
  }

  async account(id = randomUUID() as string): Promise<AccountId> {
    await this.database.dataSource.query(
      `insert into accounts (id, email, email_key, plan) values ($1, 'x@example.com', $2, 'basic')`,
      [id, id],
    );
    return id as AccountId;
  }

  webhook(room: WebhookRoom, accountId: AccountId, port: number): Promise<NewSecretValue> {
    this.#names += 1;
    const url = `https://${HOST}:${port}/in?token=query-canary`;
    const request = { name: `hook ${this.#names}`, url, events: WEBHOOK_EVENTS };
    return room.service.create(accountId, request, COMMAND_LINE);
  }

  event(accountId: AccountId, type = 'secret.revealed', subject: object = { id: 'i' }) {
    const { manager } = this.database.dataSource;
    return appendEvent(manager, { accountId, type, subject: { ...subject } });
  }

  async query<Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(text, values);
  }

  /** What waits is due now. */
  async passTime(): Promise<void> {
    await this.query(`update webhook_deliveries set next_at = now() where next_at is not null`);
    await this.query(
      `update webhooks set next_at = now(), rest_until = null where next_at is not null`,
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.stop()));
    await this.database.close();
    await this.authority.remove();
  }
}
