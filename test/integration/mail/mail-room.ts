import { Registry } from 'prom-client';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import type { SmtpConfig } from '../../../src/config/mail-config.js';
import { MailDelivery } from '../../../src/mail/mail-delivery.js';
import { MailFailures, type FailedMail } from '../../../src/mail/mail-failures.js';
import { MailMetrics } from '../../../src/mail/mail-metrics.js';
import { MailQueue } from '../../../src/mail/mail-queue.js';
import { MAIL_TIMING, type MailTiming } from '../../../src/mail/mail-settings.js';
import { type ComposedMail, MailSender } from '../../../src/mail/mail-sender.js';
import { readMail, type ReadMail } from '../../../src/mail/read-mail.js';
import { MailRefusals } from '../../../src/mail/mail-refusals.js';
import { MailVault } from '../../../src/mail/mail-vault.js';
import { MailJob } from '../../../src/mail/mail.job.js';
import { MailStore } from '../../../src/mail/mail.store.js';
import { UnsubscribeTokens } from '../../../src/mail/unsubscribe-tokens.js';
import type { OutgoingMail } from '../../../src/mail/outgoing-mail.js';
import { SmtpSender } from '../../../src/mail/smtp-sender.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';
import type { TestDatabase } from '../../support/test-database.js';
import type { TestSmtp } from '../../support/test-smtp.js';
import { ROOT_KEY } from '../secrets/support.js';

export interface MailRoom {
  readonly queue: MailQueue;
  readonly store: MailStore;
  readonly job: MailJob;
  readonly failed: FailedMail[];
  readonly metrics: Registry;
  readonly refusals: MailRefusals;
  readonly tokens: UnsubscribeTokens;
}

export const MAIL_CELL = {
  region: 'eu',
  host: requireHostname('eu.onetime.example'),
  publicHttpsPort: 443,
  rootKeys: [ROOT_KEY],
  limits: null,
  mail: {
    smtp: null,
    from: { name: null, address: 'no-reply@onetime.example' },
    bounceAddress: 'bounces@onetime.example',
    folder: '',
  },
} as unknown as CellConfig;

/** Enough for a server on this machine; its failures come soon. */
export const QUICK: MailTiming = {
  ...MAIL_TIMING,
  connectMs: 5000,
  greetingMs: 5000,
  silenceMs: 5000,
  attemptMs: 10_000,
};

export function configFor(smtp: TestSmtp, change: Partial<SmtpConfig> = {}): SmtpConfig {
  return {
    host: '127.0.0.1',
    port: smtp.port,
    tls: 'starttls',
    credentials: null,
    roots: smtp.tls.certificatePem,
    ...change,
  };
}

/** Takes every mail. */
export class RecordingSender extends MailSender {
  readonly isAvailable: boolean = true;
  readonly taken: (ReadMail & { readonly to: string })[] = [];

  async send({ raw, to }: ComposedMail, begin: () => Promise<boolean>): Promise<void> {
    if (await begin()) this.taken.push({ ...readMail(raw), to });
  }
}

/** The room in one process, without its loop. */
export function openMailRoom(
  { statements }: Pick<TestDatabase, 'statements'>,
  smtp: SmtpConfig | MailSender,
  timing = QUICK,
  rootKeys: RootKeys = MAIL_CELL.rootKeys,
): MailRoom {
  const config: CellConfig = Object.assign({}, MAIL_CELL, { rootKeys });
  const metrics = new Registry();
  const sender = 'send' in smtp ? smtp : new SmtpSender(smtp, timing, config.host);
  const vault = new MailVault(config, new UnopenedCiphertexts(new Registry()));
  const store = new MailStore(statements, vault);
  const failures = new MailFailures();
  const failed: FailedMail[] = [];
  failures.onFailed(async (mail) => void failed.push(mail));
  const delivery = new MailDelivery(
    config,
    store,
    sender,
    new MailMetrics(metrics, store),
    failures,
  );
  return {
    queue: new MailQueue(sender, vault),
    store,
    job: new MailJob(config, store, delivery, sender),
    failed,
    metrics,
    refusals: new MailRefusals(config, statements),
    tokens: new UnsubscribeTokens(config),
  };
}

export function aMail(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    kind: 'test',
    accountId: null,
    to: 'reader@example.com',
    senderName: 'eu.onetime.example',
    replyTo: null,
    subject: 'A subject',
    text: 'A text.\n',
    html: '<p>A text.</p>',
    language: 'en',
    unsubscribeUrl: null,
    uniqueKey: null,
    usefulSeconds: 3600,
    ...change,
  };
}
