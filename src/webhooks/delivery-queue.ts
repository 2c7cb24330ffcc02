import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../accounts/account.js';
import { Statements } from '../database/statements.js';
import type { StoredEvent } from '../outbox/outbox-event.js';
import {
  ADD_EVENTS,
  BEGIN,
  END,
  HAS_DUE,
  IS_LAST,
  LOCK_PLACES,
  RELEASE_IDLE,
  STANDING,
  TAKE_DUE,
} from './delivery-statements.js';
import type { AttemptResult, WebhookId } from './webhook.js';
import { payloadOf } from './webhook-payload.js';
import { GIVE_UP_SECONDS } from './webhook-settings.js';

/** A webhook that this process sends to now. A write under an older `fence` changes nothing. */
export interface LeasedWebhook {
  readonly id: WebhookId;
  readonly accountId: AccountId;
  readonly fence: string;
  readonly name: string;
  readonly url: string;
  /** Attempts in a row that have failed. */
  readonly failures: number;
  readonly keyVersion: number;
  readonly sealedSecret: Buffer;
  readonly previousKeyVersion: number | null;
  readonly previousSealedSecret: Buffer | null;
}

/** One event for one webhook. */
export interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly payload: string;
  /** This attempt included. */
  readonly attempts: number;
  /** It is sent once. */
  readonly isTest: boolean;
  readonly isTooLate: boolean;
}

/** What follows from an attempt. */
export interface Ending {
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** Until the next attempt; null: there is none. */
  readonly retrySeconds: number | null;
  /** How long the webhook is left alone; 0 after a success, null if the attempt does not count. */
  readonly restSeconds: number | null;
  /** Null: no attempt was made. */
  readonly attempt: { readonly result: AttemptResult; readonly durationMs: number } | null;
}

/** The rows of the queue. The webhook is what is leased, so its events are sent one at a time (docs/decisions/0025). */
@Injectable()
export class DeliveryQueue {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  /** Queues events for those who asked for them, in the caller's transaction. */
  async add(manager: EntityManager, events: readonly StoredEvent[]): Promise<void> {
    await manager.query(ADD_EVENTS, [
      events.map(({ id }) => id),
      events.map(({ accountId }) => accountId),
      events.map(({ type }) => type),
      events.map(payloadOf),
      GIVE_UP_SECONDS,
    ]);
  }

  /** One process at a time, so that the places are counted with the leases of all others. Mostly nothing is due: one look. */
  async takeDue(owner: string, limit: number): Promise<LeasedWebhook[]> {
    const [look] = await this.statements.run<{ hasDue: boolean }>(HAS_DUE, []);
    if (look?.hasDue !== true) return [];
    return this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK_PLACES);
      const [webhooks] = await manager.query<[LeasedWebhook[], number]>(TAKE_DUE, [owner, limit]);
      return webhooks;
    });
  }

  /** The webhook's next event, whose attempt is counted from now on; null: none is due. */
  async begin({ id, fence }: LeasedWebhook): Promise<Delivery | null> {
    const [delivery] = await this.statements.run<Delivery>(BEGIN, [id, fence]);
    return delivery ?? null;
  }

  /** Ends the lease of a webhook of which no event was due. */
  async release({ id, fence }: LeasedWebhook): Promise<void> {
    await this.statements.run(RELEASE_IDLE, [id, fence, null, null]);
  }

  /** Writes what came of the attempt and ends the lease. Returns false if the lease was not ours any more. */
  async end(
    { id, fence }: LeasedWebhook,
    delivery: Delivery,
    ending: Ending,
    manager: EntityManager | null = null,
  ): Promise<boolean> {
    const { state, retrySeconds, restSeconds, attempt } = ending;
    const { status = null, failure = null } = attempt?.result ?? {};
    const answer = [status, failure, attempt?.durationMs ?? 0];
    const values = [
      id,
      fence,
      delivery.id,
      retrySeconds,
      state,
      ...answer,
      attempt !== null,
      restSeconds,
    ];
    const rows =
      manager === null
        ? await this.statements.run<object>(END, values)
        : (await manager.query<[object[], number]>(END.text, values))[0];
    return rows.length === 1;
  }

  /** Runs `work` in a transaction that has locked the account before anything of it. */
  withAccount(id: AccountId, work: (manager: EntityManager) => Promise<void>): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('select from accounts where id = $1 for update', [id]);
      await work(manager);
    });
  }

  /** Whether a retry after so many seconds is too late, and whether nothing has succeeded since the event. */
  async isLast(
    { id }: Delivery,
    retrySeconds: number,
  ): Promise<{ readonly isLast: boolean; readonly isDead: boolean }> {
    const [row] = await this.statements.run<{ isLast: boolean; isDead: boolean }>(IS_LAST, [
      id,
      retrySeconds,
    ]);
    return row ?? { isLast: true, isDead: false };
  }

  /** Webhooks that are due and wait, at most 5,000, and for how long. */
  async standing(): Promise<{ readonly waiting: number; readonly lateSeconds: number }> {
    const [row] = await this.statements.run<{ waiting: number; lateSeconds: number }>(STANDING, []);
    return row ?? { waiting: 0, lateSeconds: 0 };
  }
}
