import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { StatementPart } from '../database/statement-part.js';
import { MailSender } from './mail-sender.js';
import { GIVE_UP_SECONDS } from './mail-settings.js';
import { MailVault } from './mail-vault.js';
import type { OutgoingMail } from './outgoing-mail.js';

const address = z.email().max(254);
// No column is named in the conflict: the login of a serving process may read none. The name is a parameter, since a statement with the part has a name of its own.
const insertWith = (first: number): string => {
  const [id, kind, account, key, version, sealed, useful] = Array.from(
    { length: 7 },
    (_, index) => `$${first + index}`,
  );
  return `
    insert into mails (id, kind, account_id, unique_key, key_version, sealed, give_up_at)
    values (${id}::uuid, ${kind}, ${account}::uuid, ${key}, ${version}, ${sealed},
      now() + make_interval(secs => ${useful}::int))
    on conflict do nothing`;
};

/** Mails wait here for MailJob. A mail is queued in its writer's transaction or statement, or not at all. */
@Injectable()
export class MailQueue {
  constructor(
    private readonly sender: MailSender,
    private readonly vault: MailVault,
  ) {}

  /** False: there is no server to send by, and no folder to write to. Nothing is queued then. */
  get isOpen(): boolean {
    return this.sender.isAvailable;
  }

  /** A part for a statement that queues the mail with what it does; null: it cannot be sent. */
  partFor(mail: OutgoingMail): StatementPart | null {
    const values = this.#valuesOf(mail);
    if (values === null) return null;
    return { name: 'mail', values, text: (first) => `mail as (${insertWith(first)})` };
  }

  /** Queues the mail in the caller's transaction. Returns false if it cannot be sent, or was queued before. */
  async add(manager: EntityManager, mail: OutgoingMail): Promise<boolean> {
    const values = this.#valuesOf(mail);
    if (values === null) return false;
    const rows = await manager.query<unknown[]>(`${insertWith(1)} returning 1`, [...values]);
    return rows.length === 1;
  }

  #valuesOf(mail: OutgoingMail): readonly unknown[] | null {
    if (!this.isOpen || !address.safeParse(mail.to).success) return null;
    const { kind, accountId, uniqueKey, usefulSeconds, ...content } = mail;
    const id = randomUUID();
    const { keyVersion, sealed } = this.vault.seal(id, JSON.stringify(content));
    const seconds = Math.max(1, Math.min(usefulSeconds, GIVE_UP_SECONDS));
    return [id, kind, accountId, uniqueKey, keyVersion, sealed, seconds];
  }
}
