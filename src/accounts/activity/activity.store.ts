import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import { AppError } from '../../shared/app-error.js';
import type { AccountId } from '../account.js';
import { AccountActivityEntity } from './account-activity.entity.js';
import type { ActivityEntry, Actor } from './activity.js';
import { writeActivity } from './write-activity.js';

/** An id, within PostgreSQL's bigint. */
const CURSOR = /^\d{1,18}$/;

export interface ActivityPageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface ActivityPage {
  readonly entries: readonly AccountActivityEntity[];
  readonly nextCursor: string | null;
}

/** What was done to an account, and by whom. */
@Injectable()
export class ActivityStore {
  constructor(private readonly dataSource: DataSource) {}

  /** For what changes nothing. A change writes its line in its own transaction, by writeActivity(). */
  add(accountId: AccountId, actor: Actor, entry: ActivityEntry): Promise<void> {
    return writeActivity(this.dataSource.manager, accountId, actor, entry);
  }

  /** Newest first. Throws AppError `invalid_request` for an invalid cursor. */
  async page(accountId: AccountId, { limit, cursor }: ActivityPageRequest): Promise<ActivityPage> {
    if (cursor !== null && !CURSOR.test(cursor))
      throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
    const rows = await this.dataSource.getRepository(AccountActivityEntity).find({
      where: { accountId, ...(cursor === null ? {} : { id: LessThan(cursor) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const entries = rows.slice(0, limit);
    return { entries, nextCursor: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
  }
}
