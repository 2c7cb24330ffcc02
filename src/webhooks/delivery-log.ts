import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import type { DeliveryFailure, WebhookId } from './webhook.js';
import { payloadOf } from './webhook-payload.js';
import { wake } from './delivery-statements.js';

/** An id, within PostgreSQL's bigint. */
const CURSOR = /^\d{1,18}$/;

export interface AttemptRecord {
  readonly id: string;
  /** The `webhook-id` of the request, the same at each attempt. */
  readonly deliveryId: string;
  readonly type: string;
  /** From 1 on. */
  readonly attempt: number;
  readonly at: Date;
  readonly status: number | null;
  readonly failure: DeliveryFailure | null;
  readonly durationMs: number;
}

export interface AttemptPageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface AttemptPage {
  readonly attempts: readonly AttemptRecord[];
  readonly nextCursor: string | null;
}

const PAGE = `
  select id, delivery_id as "deliveryId", type, attempt, at, status, failure, duration_ms as "durationMs"
  from webhook_attempts where webhook_id = $1 and ($2::bigint is null or id < $2)
  order by id desc limit $3`;

const ADD_TEST = `
  with added as (
    insert into webhook_deliveries (id, webhook_id, type, payload, is_test, give_up_at)
    values ($1, $2, 'webhook.test', $3, true, now() + interval '1 hour') returning webhook_id
  ) ${wake('added')}`;

/** What was sent to a webhook, and how it was answered. */
@Injectable()
export class DeliveryLog {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. Throws AppError `invalid_request` for an invalid cursor. */
  async page(id: WebhookId, { limit, cursor }: AttemptPageRequest): Promise<AttemptPage> {
    if (cursor !== null && !CURSOR.test(cursor))
      throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
    const rows = await this.dataSource.query<AttemptRecord[]>(PAGE, [id, cursor, limit + 1]);
    const attempts = rows.slice(0, limit);
    return { attempts, nextCursor: rows.length > limit ? (attempts.at(-1)?.id ?? null) : null };
  }

  async *pages(id: WebhookId): AsyncGenerator<readonly AttemptRecord[]> {
    let cursor: string | null = null;
    do {
      const { attempts, nextCursor }: AttemptPage = await this.page(id, { limit: 500, cursor });
      yield attempts;
      cursor = nextCursor;
    } while (cursor !== null);
  }

  /** Queues an event that is sent once. Returns its id. */
  async addTest(id: WebhookId): Promise<string> {
    const deliveryId = randomUUID();
    const event = { type: 'webhook.test', at: new Date(), subject: { id } };
    await this.dataSource.query(ADD_TEST, [deliveryId, id, payloadOf(event)]);
    return deliveryId;
  }
}
