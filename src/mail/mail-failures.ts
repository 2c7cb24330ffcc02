import { Injectable } from '@nestjs/common';

/** A mail that was given up. Says nothing of what it said. */
export interface FailedMail {
  readonly id: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly end: 'failed' | 'unconfirmed';
  readonly problem: string | null;
}

/** Tells other rooms of mails that were given up. */
@Injectable()
export class MailFailures {
  readonly #listeners: ((mail: FailedMail) => Promise<void>)[] = [];

  onFailed(listener: (mail: FailedMail) => Promise<void>): void {
    this.#listeners.push(listener);
  }

  async tell(mail: FailedMail): Promise<void> {
    for (const listener of this.#listeners) await listener(mail);
  }
}
