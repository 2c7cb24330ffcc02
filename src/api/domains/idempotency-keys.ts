import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { AppError } from '../../shared/app-error.js';

/** What was asked under a key: the account's own word for one request, and a digest of all that the request says. */
export interface KeyedRequest {
  readonly accountId: AccountId;
  readonly key: string;
  readonly hash: Buffer;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

// Longer than any request takes: whoever held the key for so long has died.
const ABANDONED_AFTER = "interval '60 seconds'";
const KEPT_FOR = "interval '24 hours'";
const RETRY_AFTER_SECONDS = 1;

/** Answers by idempotency key, kept for a day. Only what succeeded is kept: a failed request may be tried again. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes the key for this request (null), or gives the answer that it already has. Throws AppError `invalid_request`
   * when the key was used for another request, `in_progress` while one with it is running.
   */
  async take(request: KeyedRequest): Promise<StoredAnswer | null> {
    const { accountId, key, hash } = request;
    await this.dataSource.query(
      `delete from idempotency_keys where created_at < now() - ${KEPT_FOR}`,
    );
    const taken = await this.dataSource.query<unknown[]>(
      `insert into idempotency_keys (account_id, key, request_hash) values ($1, $2, $3)
       on conflict (account_id, key) do update set created_at = now()
         where idempotency_keys.status is null and idempotency_keys.request_hash = $3
           and idempotency_keys.created_at < now() - ${ABANDONED_AFTER}
       returning 1`,
      [accountId, key, hash],
    );
    return taken.length === 1 ? null : this.#answerTo(request);
  }

  async settle({ accountId, key }: KeyedRequest, { status, body }: StoredAnswer): Promise<void> {
    // As one JSON string: jsonb would sort the fields, and the same answer has the same bytes.
    await this.dataSource.query(
      `update idempotency_keys set status = $3, body = to_jsonb($4::text)
       where account_id = $1 and key = $2`,
      [accountId, key, status, JSON.stringify(body)],
    );
  }

  async release({ accountId, key }: KeyedRequest): Promise<void> {
    await this.dataSource.query(
      'delete from idempotency_keys where account_id = $1 and key = $2 and status is null',
      [accountId, key],
    );
  }

  async #answerTo({ accountId, key, hash }: KeyedRequest): Promise<StoredAnswer> {
    const [row] = await this.dataSource.query<StoredRow[]>(
      `select request_hash as hash, status, body #>> '{}' as body from idempotency_keys
       where account_id = $1 and key = $2`,
      [accountId, key],
    );
    if (row !== undefined && !row.hash.equals(hash)) {
      throw new AppError(
        'invalid_request',
        'This Idempotency-Key was used for another request: take a new one for each.',
        { field: 'Idempotency-Key', reason: 'IDEMPOTENCY_KEY_REUSED' },
      );
    }
    if (row?.status == null || row.body === null) throw inProgress();
    return { status: row.status, body: JSON.parse(row.body) };
  }
}

interface StoredRow {
  readonly hash: Buffer;
  readonly status: number | null;
  readonly body: string | null;
}

function inProgress(): AppError {
  return new AppError('in_progress', 'A request with this Idempotency-Key is running: ask again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    field: 'Idempotency-Key',
  });
}
