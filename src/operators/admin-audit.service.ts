import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import type { Network } from '../shared/network.js';
import { AdminAuditEntity } from './admin-audit.entity.js';

/** Who does what to what. Never a secret: a target is a name, an address or an id. */
export interface AuditEntry {
  readonly keyId: string;
  readonly keyName: string;
  readonly operation: string;
  /** Null: the operation has no target, such as a list. */
  readonly target: string | null;
  readonly network: Network;
  readonly requestId: string;
}

export interface AuditRecord extends AuditEntry {
  readonly id: string;
  readonly at: Date;
  /** Null: it has not ended, or its process was killed. */
  readonly status: number | null;
}

export interface AuditPage {
  readonly entries: readonly AuditRecord[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** An entry's id, within PostgreSQL's bigint. */
const CURSOR = /^\d{1,18}$/;
const TARGET_LENGTH_MAX = 300;

/** The audit trail of the operator's API in one region. */
@Injectable()
export class AdminAuditService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Writes the entry before the operation, so that none happens unseen. Resolves to its id.
   * @param status of an operation that was refused: it has ended
   */
  async begin(entry: AuditEntry, status: number | null = null): Promise<string> {
    const target = entry.target?.slice(0, TARGET_LENGTH_MAX) ?? null;
    const repository = this.dataSource.getRepository(AdminAuditEntity);
    const { identifiers } = await repository.insert({ ...entry, target, status });
    return String(identifiers[0]?.['id']);
  }

  async end(id: string, status: number): Promise<void> {
    await this.dataSource.getRepository(AdminAuditEntity).update({ id }, { status });
  }

  /** Newest first. Throws AppError `invalid_request` for an invalid cursor. */
  async list(limit: number, cursor: string | null): Promise<AuditPage> {
    if (cursor !== null && !CURSOR.test(cursor))
      throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
    const found = await this.dataSource.getRepository(AdminAuditEntity).find({
      ...(cursor === null ? {} : { where: { id: LessThan(cursor) } }),
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const entries = found.slice(0, limit);
    const nextCursor = found.length > limit ? (entries.at(-1)?.id ?? null) : null;
    return { entries, nextCursor };
  }
}
