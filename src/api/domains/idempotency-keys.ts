import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { AppError } from '../../shared/app-error.js';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

/** A request with an idempotency key of its account. */
export interface KeyedRequest {
  readonly accountId: AccountId;
  readonly key: string;
  /** A digest of everything that the request says. */
  readonly hash: Buffer;
}

/** What an export has of a key. */
export interface KeptKey {
  readonly key: string;
  readonly status: number | null;
  readonly createdAt: Date;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

// Longer than any request takes: after it, the process that took the key has died.
const ABANDONED_AFTER = "interval '60 seconds'";
const KEPT_FOR = "interval '24 hours'";
const RETRY_AFTER_SECONDS = 1;
const PAGE = 500;

/** Answers by idempotency key, kept for a day. A failed request keeps nothing, so that it can be tried again. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes the key for this request and returns null, or returns the stored answer. Throws AppError `invalid_request`
   * when the key was used for another request, `in_progress` while a request with it is running.
   */
  async take(request: KeyedRequest): Promise<StoredAnswer | null> {
    const { accountId, key, hash } = request;
    await this.#deleteOld(request);
    // SQL, because the condition on the existing row decides which of several concurrent requests runs.
    const taken = await this.#entities.query<unknown[]>(
      `insert into idempotency_keys (account_id, key, request_hash) values ($1, $2, $3)
       on conflict (account_id, key) do update set created_at = now()
         where idempotency_keys.status is null and idempotency_keys.request_hash = $3
           and idempotency_keys.created_at < now() - ${ABANDONED_AFTER}
       returning 1`,
      [accountId, key, hash],
    );
    return taken.length === 1 ? null : this.#answerTo(request);
  }

  /** Stores the answer to a request that succeeded. */
  async settle({ accountId, key }: KeyedRequest, { status, body }: StoredAnswer): Promise<void> {
    const answer = { status, body: JSON.stringify(body) };
    await this.#entities.update(IdempotencyKeyEntity, { accountId, key }, answer);
  }

  /** Frees the key of a request that failed. */
  async release({ accountId, key }: KeyedRequest): Promise<void> {
    await this.#entities.delete(IdempotencyKeyEntity, { accountId, key, status: IsNull() });
  }

  /** The keys of an account, for its export; their answers repeat what it has elsewhere. */
  async *pages(accountId: AccountId): AsyncGenerator<readonly KeptKey[]> {
    let after: string | undefined = '';
    while (after !== undefined) {
      const rows: readonly KeptKey[] = await this.#entities.query(
        `select key, status, created_at as "createdAt" from idempotency_keys
         where account_id = $1 and key > $2 order by key limit ${PAGE}`,
        [accountId, after],
      );
      yield rows;
      after = rows.length === PAGE ? rows.at(-1)?.key : undefined;
    }
  }

  get #entities(): EntityManager {
    return this.dataSource.manager;
  }

  /** This key only, in case that the answer's time is over: the region deletes old rows in the background. */
  async #deleteOld({ accountId, key }: KeyedRequest): Promise<void> {
    await this.#entities
      .createQueryBuilder()
      .delete()
      .from(IdempotencyKeyEntity)
      .where({ accountId, key })
      .andWhere(`created_at < now() - ${KEPT_FOR}`)
      .execute();
  }

  async #answerTo({ accountId, key, hash }: KeyedRequest): Promise<StoredAnswer> {
    const row = await this.#entities.findOneBy(IdempotencyKeyEntity, { accountId, key });
    if (row !== null && !row.requestHash.equals(hash)) {
      throw new AppError(
        'invalid_request',
        'This Idempotency-Key was used for another request: take a new one for each.',
        { field: 'Idempotency-Key', reason: 'IDEMPOTENCY_KEY_REUSED' },
      );
    }
    if (row === null || row.status === null || row.body === null) throw inProgress();
    return { status: row.status, body: JSON.parse(row.body) };
  }
}

function inProgress(): AppError {
  return new AppError('in_progress', 'A request with this Idempotency-Key is running: ask again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    field: 'Idempotency-Key',
  });
}
