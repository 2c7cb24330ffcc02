import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';

/** Who listens to which events. An event to which nobody listens is not written. */
@Injectable()
export class OutboxListeners {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * From now on `reader` gets the events of these types; none: no more.
   * @param accountId null: of every account, but only of domains and certificates
   */
  async listen(
    reader: string,
    accountId: string | null,
    types: readonly string[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    if (types.length === 0) {
      await manager.query(
        'delete from outbox_listeners where reader = $1 and account_id is not distinct from $2',
        [reader, accountId],
      );
      return;
    }
    await manager.query(
      `insert into outbox_listeners (reader, account_id, types) values ($1, $2, $3)
       on conflict (reader, account_id) do update set types = excluded.types`,
      [reader, accountId, types],
    );
  }
}
