import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { newTlsPair, type TlsPair } from './pebble-tls-pair.js';
import { readMail, type ReadMail } from '../../src/mail/read-mail.js';

/** A mail that the server has taken with 250. */
export interface TakenMail extends ReadMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  /** Whether it came by TLS. */
  readonly isSecure: boolean;
}

/** What the server does with the next mail after its content has come. */
type Verdict = 'take' | 'hang' | { readonly status: number };

/** A real SMTP server on 127.0.0.1 with a certificate of its own. */
export class TestSmtp {
  readonly taken: TakenMail[] = [];
  /** Of each RCPT TO and content in turn; then `take`. */
  readonly verdicts: Verdict[] = [];
  readonly refusedRecipients = new Map<string, number>();
  /** Called between the content and the answer. */
  beforeAnswer: (() => Promise<void>) | null = null;
  /** Connections that have begun. */
  connections = 0;
  atOnce = 0;
  atOnceMax = 0;

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
    readonly tls: TlsPair,
  ) {}

  static async start(options: SMTPServerOptions = {}, pair?: TlsPair): Promise<TestSmtp> {
    const tls = pair ?? (await newTlsPair());
    const holder: { smtp?: TestSmtp } = {};
    const server = new SMTPServer({
      authOptional: true,
      key: tls.privateKeyPem,
      cert: tls.certificatePem,
      logger: false,
      disableReverseLookup: true,
      closeTimeout: 100,
      onConnect: (_session, done) => {
        if (holder.smtp) holder.smtp.connections += 1;
        done();
      },
      onRcptTo: ({ address }, _session, done) => {
        const status = holder.smtp?.refusedRecipients.get(address);
        done(status === undefined ? null : refusal(status));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          void holder.smtp?.answer(Buffer.concat(chunks), session, done);
        });
      },
      ...options,
    });
    // Clients that break off.
    server.on('error', () => undefined);
    const listener = server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    holder.smtp = new TestSmtp(server, (listener.address() as AddressInfo).port, tls);
    return holder.smtp;
  }

  private async answer(
    raw: Buffer,
    session: { secure: boolean; envelope: { mailFrom: unknown; rcptTo: { address: string }[] } },
    done: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    this.atOnce += 1;
    this.atOnceMax = Math.max(this.atOnceMax, this.atOnce);
    const verdict = this.verdicts.shift() ?? 'take';
    if (verdict === 'hang') return;
    if (verdict === 'take')
      this.taken.push({
        ...readMail(raw),
        from: (session.envelope.mailFrom as { address: string }).address,
        to: session.envelope.rcptTo.map(({ address }) => address),
        raw: raw.toString(),
        isSecure: session.secure,
      });
    await this.beforeAnswer?.();
    this.atOnce -= 1;
    done(verdict === 'take' ? null : refusal(verdict.status), 'taken');
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}

function refusal(status: number): Error {
  return Object.assign(new Error('refused'), { responseCode: status });
}
