import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { GatewayProcess } from '../support/gateway-process.js';
import { spawnTied } from '../support/tied-process.js';

/** See idle-clients.ts. */
export type IdleKind = 'silent' | 'part' | 'http1' | 'http2';

export interface IdleReport {
  readonly event: 'opened' | 'closed';
  /** Open now, and at most at once. */
  readonly open: number;
  readonly most: number;
  /** Those that the gateway has closed, and after how many idle seconds. */
  readonly ended: Partial<
    Record<IdleKind, { readonly count: number; readonly soonest: number; readonly latest: number }>
  >;
}

/** A small process with idle connections to a gateway. */
export class IdleProcess {
  #errors = '';
  readonly #reports: IdleReport[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    child.on('message', (report) => this.#reports.push(report as IdleReport));
  }

  /** @param kinds the connections are of these in turn */
  static start(
    gateway: GatewayProcess,
    host: string,
    count: number,
    kinds: IdleKind[],
  ): IdleProcess {
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: String(gateway.ports.https),
      HOST: host,
      CA: join(gateway.dataDir, 'ca', 'root.pem'),
      COUNT: String(count),
      KINDS: kinds.join(),
    };
    return new IdleProcess(
      spawnTied(process.execPath, ['test/faults/idle-clients.ts'], {
        env,
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      }),
    );
  }

  /** The report that all are open, or that the gateway has closed all. */
  async report(event: IdleReport['event']): Promise<IdleReport> {
    for (;;) {
      const known = this.#reports.find((report) => report.event === event);
      if (known !== undefined) return known;
      if (this.child.exitCode !== null) throw new Error(`the clients ended: ${this.#errors}`);
      await Promise.race([once(this.child, 'message'), once(this.child, 'exit')]);
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
