import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpConfig } from '../config/mail-config.js';
import { type ComposedMail, MailProblem, MailSender } from './mail-sender.js';
import type { MailTiming } from './mail-settings.js';

/** Sends by one SMTP server, each mail on a connection of its own. TLS is required and verified. */
export class SmtpSender extends MailSender {
  readonly isAvailable = true;

  constructor(
    private readonly config: SmtpConfig,
    private readonly timing: MailTiming,
    /** In EHLO. */
    private readonly ownHost: string,
  ) {
    super();
  }

  async send({ from, to, raw }: ComposedMail, begin: () => Promise<boolean>): Promise<void> {
    await this.#attempt((connection) =>
      this.#converse(connection, { from, to }, contentOf(raw, begin)),
    );
  }

  /** One connection, within the time of an attempt. */
  async #attempt(work: (connection: SMTPConnection) => Promise<void>): Promise<void> {
    // Loaded with the first mail.
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const connection = new Connection(this.#options());
    const failed = new Promise<never>((_resolve, reject) => {
      connection.on('error', reject);
      connection.on('end', () => reject(new MailProblem('connection', false)));
    });
    const late = setTimeout(
      () => connection.emit('error', new MailProblem('timeout', false)),
      this.timing.attemptMs,
    );
    // An error after the end of the attempt has no other reader.
    failed.catch(() => undefined);
    try {
      await Promise.race([failed, work(connection)]);
    } catch (error) {
      throw problemOf(error);
    } finally {
      clearTimeout(late);
      connection.close();
    }
  }

  /** Connects and signs in, and sends nothing. @throws MailProblem */
  async check(): Promise<void> {
    await this.#attempt((connection) => this.#signIn(connection));
  }

  async #signIn(connection: SMTPConnection): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    const { credentials } = this.config;
    if (credentials !== null) {
      await new Promise<void>((resolve, reject) => {
        connection.login({ credentials }, (error) => (error ? reject(error) : resolve()));
      });
    }
  }

  async #converse(
    connection: SMTPConnection,
    envelope: { from: string; to: string },
    message: Readable,
  ): Promise<void> {
    await this.#signIn(connection);
    await new Promise<void>((resolve, reject) => {
      connection.send(envelope, message, (error) => (error ? reject(error) : resolve()));
    });
  }

  #options() {
    const { host, port, tls, roots } = this.config;
    const { connectMs, greetingMs, silenceMs } = this.timing;
    return {
      host,
      port,
      name: this.ownHost,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      connectionTimeout: connectMs,
      greetingTimeout: greetingMs,
      socketTimeout: silenceMs,
      dnsTimeout: connectMs,
      allowInternalNetworkInterfaces: true,
      tls: {
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
        ...(roots === null ? {} : { ca: roots }),
        ...(isIP(host) === 0 ? { servername: host } : {}),
      },
    } as const;
  }
}

/** Read after the server's 354, so `begin` is the last thing before the message leaves. */
function contentOf(raw: Buffer, begin: () => Promise<boolean>): Readable {
  return Readable.from(
    (async function* () {
      if (!(await begin())) throw new MailProblem('not_ours', false);
      yield raw;
    })(),
  );
}

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** The server's texts are left out: they repeat the address. */
function problemOf(error: unknown): MailProblem {
  if (error instanceof MailProblem) return error;
  const { code, command, responseCode: status } = error as SmtpError;
  const fields = { status, code };
  if (isTlsError(error)) return new MailProblem('tls', false, fields);
  if (code === 'ETIMEDOUT') return new MailProblem('timeout', false, fields);
  if (code === 'EAUTH' || code === 'ENOAUTH') return new MailProblem('sign_in', false, fields);
  if (code === 'EENVELOPE' && status === undefined) return new MailProblem('refused', true, fields);
  if (status === undefined) return new MailProblem('connection', false, fields);
  const isAboutMail = command === 'RCPT TO' || command === 'DATA';
  // 530: the server wants credentials, which no recipient can help.
  const isFinal = isAboutMail && status >= 500 && status < 600 && status !== 530;
  return new MailProblem(isAboutMail ? 'refused' : 'protocol', isFinal, fields);
}

const TLS_WORDS = /certificate|self.signed|\bSSL\b|\bTLS\b|ERR_TLS|altname|wrong version number/i;

function isTlsError(error: unknown): boolean {
  const { code, message, cause } = error as Error & SmtpError;
  if (code === 'ETLS') return true;
  if (code !== 'ESOCKET') return false;
  return TLS_WORDS.test(message) || (cause instanceof Error && TLS_WORDS.test(cause.message));
}
