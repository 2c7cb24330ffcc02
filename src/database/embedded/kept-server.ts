import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '../../shared/durations.js';
import { loggerFor } from '../../shared/log-scope.js';
import { stopPostmaster } from './postmaster.js';

const FIRST_PAUSE = SECOND / 2;
const PAUSE_MAX = 5 * SECOND;
/** A server that ran for so long did not fail for the same reason again. */
const STABLE_AFTER = 60 * SECOND;

/** Resolves when the server accepts connections. Ends it and rejects when the signal is aborted before. */
type Launch = (stopping?: AbortSignal) => Promise<ChildProcess>;

/** A server that is started again when it ends by itself: killed, out of memory, or with a broken disk. */
export class KeptServer {
  readonly #logger = loggerFor('EmbeddedPostgres');
  readonly #stopping = new AbortController();
  #restarting: Promise<void> = Promise.resolve();
  #pause = FIRST_PAUSE;
  #startedAt = 0;

  private constructor(
    private readonly launch: Launch,
    private child: ChildProcess,
  ) {}

  /** @param isKept false: what has ended stays so */
  static async start(launch: Launch, isKept: boolean): Promise<KeptServer> {
    const server = new KeptServer(launch, await launch());
    if (isKept) server.#watch();
    return server;
  }

  get processId(): number {
    return this.child.pid as number;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting;
    await stopPostmaster(this.child);
  }

  #watch(): void {
    const { child } = this;
    this.#startedAt = performance.now();
    const onExit = (): void => {
      if (!this.#stopping.signal.aborted) this.#restarting = this.#restart();
    };
    // It may have ended before anybody could listen.
    if (child.exitCode !== null || child.signalCode !== null) onExit();
    else child.once('exit', onExit);
  }

  async #restart(): Promise<void> {
    const { signal } = this.#stopping;
    if (performance.now() - this.#startedAt > STABLE_AFTER) this.#pause = FIRST_PAUSE;
    const { exitCode, signalCode } = this.child;
    this.#logger.error({ exitCode, signalCode }, 'embedded PostgreSQL ended, starting it again');
    while (!signal.aborted) {
      await delay(this.#pause, undefined, { signal, ref: false }).catch(() => undefined);
      this.#pause = Math.min(2 * this.#pause, PAUSE_MAX);
      if (signal.aborted) return;
      try {
        this.child = await this.launch(signal);
        this.#logger.info('embedded PostgreSQL runs again');
        return this.#watch();
      } catch (err) {
        if (signal.aborted) return;
        this.#logger.error({ err }, 'embedded PostgreSQL does not start, will retry');
      }
    }
  }
}
