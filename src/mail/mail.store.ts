import { Injectable } from '@nestjs/common';
import { type Statement, Statements } from '../database/statements.js';
import { type MailContent, readContent } from './mail-content.js';
import { MailVault } from './mail-vault.js';

/** A mail that this process sends now. A write under an older `fence` changes nothing. */
export interface LeasedMail {
  readonly id: string;
  readonly fence: string;
  readonly kind: string;
  readonly accountId: string | null;
  /** This attempt included. */
  readonly attempts: number;
  readonly keyVersion: number;
  readonly sealed: Buffer;
  /** An earlier attempt ended with its process after it had begun to send. */
  readonly wasBegun: boolean;
  readonly isTooLate: boolean;
}

/** How a mail ended. `unconfirmed`: its process ended while it was sent, so nobody knows whether the server took it. */
export type MailEnd = 'sent' | 'failed' | 'unconfirmed';

// Longer than an attempt. It delays the mails of a process that ends.
const LEASE = `leased_until = now() + interval '5 minutes'`;

const TAKE_DUE: Statement = {
  name: 'mails_take_due',
  text: `
    update mails set lease_owner = $1, fence = fence + 1, attempts = attempts + 1, ${LEASE}
    where id = any(array(
      select id from mails
      where next_at <= now() and (leased_until is null or leased_until < now())
      order by next_at limit $2 for no key update skip locked
    )) returning id, fence, kind, account_id as "accountId", attempts, key_version as "keyVersion",
      sealed, begun_at is not null as "wasBegun", give_up_at <= now() as "isTooLate"`,
};

// Written right before the message leaves: whoever finds it later sends no second time.
const BEGIN: Statement = {
  name: 'mails_begin',
  text: `
    update mails set begun_at = now(), ${LEASE}
    where id = $1 and fence = $2 and state = 'queued' and begun_at is null returning 1`,
};

const POSTPONE: Statement = {
  name: 'mails_postpone',
  text: `
    update mails set begun_at = null, lease_owner = null, leased_until = null, problem = $3,
      next_at = now() + make_interval(secs => $4::int)
    where id = $1 and fence = $2 and state = 'queued'
      and now() + make_interval(secs => $4::int) < give_up_at returning 1`,
};

const END: Statement = {
  name: 'mails_end',
  text: `
    update mails set state = $3, problem = $4, sealed = null, next_at = null, ended_at = now(),
      lease_owner = null, leased_until = null
    where id = $1 and fence = $2 and state = 'queued' returning 1`,
};

const STANDING: Statement = {
  name: 'mails_standing',
  text: `
    select count(*)::int as waiting,
      coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds"
    from (select created_at from mails where next_at is not null order by next_at limit 5000) as queued`,
};

/** The rows of the queue. All instants are of the database's clock. */
@Injectable()
export class MailStore {
  constructor(
    private readonly statements: Statements,
    private readonly vault: MailVault,
  ) {}

  takeDue(owner: string, limit: number): Promise<LeasedMail[]> {
    return this.statements.run<LeasedMail>(TAKE_DUE, [owner, limit]);
  }

  /** Null when it does not open, which is reported. */
  contentOf(mail: LeasedMail): MailContent | null {
    const text = this.vault.open(mail);
    return text === null ? null : readContent(text);
  }

  /** Whether this process may send the message now; of all that try, at most one in the life of an attempt. */
  async begin({ id, fence }: LeasedMail): Promise<boolean> {
    return (await this.statements.run(BEGIN, [id, fence])).length === 1;
  }

  /** The next attempt is in so many seconds. Returns false when the mail would be too late by then, or is not ours. */
  async postpone({ id, fence }: LeasedMail, problem: string, seconds: number): Promise<boolean> {
    return (await this.statements.run(POSTPONE, [id, fence, problem, seconds])).length === 1;
  }

  /** Erases what the mail says. */
  async end({ id, fence }: LeasedMail, end: MailEnd, problem: string | null): Promise<boolean> {
    return (await this.statements.run(END, [id, fence, end, problem])).length === 1;
  }

  /** What waits; at most 5,000 are counted. */
  async standing(): Promise<{ readonly waiting: number; readonly oldestSeconds: number }> {
    const [row] = await this.statements.run<{ waiting: number; oldestSeconds: number }>(
      STANDING,
      [],
    );
    return row ?? { waiting: 0, oldestSeconds: 0 };
  }
}
