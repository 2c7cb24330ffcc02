import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { loggerFor } from '../shared/log-scope.js';
import { maskAddress } from '../shared/masked-address.js';
import { composeMail } from './compose-mail.js';
import { MailFailures } from './mail-failures.js';
import { MailMetrics } from './mail-metrics.js';
import { MailProblem, MailSender } from './mail-sender.js';
import { retrySeconds } from './mail-settings.js';
import { type LeasedMail, MailStore } from './mail.store.js';

/** One attempt to send one leased mail, and what follows from it (docs/decisions/0022). */
@Injectable()
export class MailDelivery {
  readonly #logger = loggerFor(MailDelivery.name);

  constructor(
    private readonly config: CellConfig,
    private readonly store: MailStore,
    private readonly sender: MailSender,
    private readonly metrics: MailMetrics,
    private readonly failures: MailFailures,
  ) {}

  async attempt(mail: LeasedMail): Promise<void> {
    if (mail.wasBegun) return this.#giveUp(mail, 'unconfirmed', 'process ended');
    if (mail.isTooLate) return this.#giveUp(mail, 'failed', 'too late');
    const content = this.store.contentOf(mail);
    if (content === null) return this.#giveUp(mail, 'failed', 'unopened');
    const composed = await composeMail(mail.id, content, this.config.mail);
    try {
      await this.sender.send(composed, () => this.store.begin(mail));
    } catch (error) {
      return this.#failed(mail, error, content.to);
    }
    if (!(await this.store.end(mail, 'sent', null))) return;
    this.metrics.count('sent');
    this.#logger.info({ ...fieldsOf(mail), to: maskAddress(content.to) }, 'mail sent');
  }

  async #failed(mail: LeasedMail, error: unknown, to: string): Promise<void> {
    const problem = error instanceof MailProblem ? error : null;
    if (problem?.kind === 'not_ours') return;
    const reason = problem?.message ?? 'unexpected';
    if (problem?.isFinal === true) return this.#giveUp(mail, 'failed', reason, to);
    const seconds = retrySeconds(mail.attempts, Math.random);
    if (!(await this.store.postpone(mail, reason, seconds)))
      return this.#giveUp(mail, 'failed', reason, to);
    this.metrics.count('postponed');
    const fields = { ...fieldsOf(mail), to: maskAddress(to), retryInSeconds: seconds, err: error };
    this.#logger.warn(fields, 'mail not sent, will retry');
  }

  async #giveUp(
    mail: LeasedMail,
    end: 'failed' | 'unconfirmed',
    problem: string,
    to: string | null = null,
  ): Promise<void> {
    if (!(await this.store.end(mail, end, problem))) return;
    this.metrics.count(end);
    const fields = { ...fieldsOf(mail), ...(to === null ? {} : { to: maskAddress(to) }), problem };
    this.#logger.warn(
      fields,
      end === 'failed' ? 'mail given up' : 'mail may have been sent or not, it is not repeated',
    );
    const { id, kind, accountId } = mail;
    await this.failures.tell({ id, kind, accountId, end, problem });
  }
}

function fieldsOf({ id, kind, accountId, attempts }: LeasedMail) {
  return { mailId: id, mailKind: kind, accountId, attempts };
}
