import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import type { RootKey } from '../config/root-key.js';
import { type Statement, type StatementRunner, Statements } from '../database/statements.js';
import type { Subscription } from './mail-list.js';

const NO_SALT = Buffer.alloc(0);
const PURPOSE = 'onetime mail refusals v1';
const KEY_BYTES = 32;

const FIND: Statement = {
  name: 'mail_refusals_find',
  text: `
    select address_hash = $2 as "isCurrent" from mail_refusals
    where address_hash = any($1::bytea[]) order by 1 desc limit 1`,
};
const ADD: Statement = {
  name: 'mail_refusals_add',
  text: `insert into mail_refusals (address_hash) values ($1) on conflict do nothing returning 1`,
};
const REMOVE: Statement = {
  name: 'mail_refusals_remove',
  text: `delete from mail_refusals where address_hash = any($1::bytea[]) returning 1`,
};

/** Which addresses want no mails of a list. A keyed hash of the address is kept, so the table shows nobody's. */
@Injectable()
export class MailRefusals {
  constructor(
    private readonly config: CellConfig,
    private readonly statements: Statements,
  ) {}

  async has(
    subscription: Subscription,
    statements: StatementRunner = this.statements,
  ): Promise<boolean> {
    const hashes = this.#hashesOf(subscription);
    const [found] = await statements.run<{ isCurrent: boolean }>(FIND, [hashes, hashes[0]]);
    // Written again under the current root key, so that it outlives the older.
    if (found?.isCurrent === false) await statements.run(ADD, [hashes[0]]);
    return found !== undefined;
  }

  /** Returns whether that is new. */
  async add(subscription: Subscription): Promise<boolean> {
    return (await this.statements.run(ADD, [this.#hashesOf(subscription)[0]])).length > 0;
  }

  /** Returns whether there was one. */
  async remove(subscription: Subscription): Promise<boolean> {
    return (await this.statements.run(REMOVE, [this.#hashesOf(subscription)])).length > 0;
  }

  /** Under every root key, the current one first. */
  #hashesOf({ list, address }: Subscription): Buffer[] {
    const subject = `${list}\0${address.trim().toLowerCase()}`;
    return this.config.rootKeys.map((root) =>
      createHmac('sha256', keyOf(root)).update(subject).digest(),
    );
  }
}

function keyOf({ bytes }: RootKey): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, NO_SALT, PURPOSE, KEY_BYTES));
}
