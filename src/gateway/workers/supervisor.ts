import type { Server } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { openLocalRoot } from '../../certificates/issuers/local-root.js';
import type { ConfigError } from '../../config/config-error.js';
import type { Config } from '../../config/config.js';
import { requireDataDir } from '../../config/data-dir.js';
import { openDatabases } from '../../database/embedded/open-databases.js';
import { withLogger } from '../../shared/log-scope.js';
import type { Logger } from '../../shared/logger.js';
import { publishBuildInfo } from '../build-info.js';
import { startDevelopmentDns } from '../development-dns.js';
import { EdgeJournal } from '../edge-journal.js';
import { collectNodeMetrics } from '../event-loop-metrics.js';
import type { Surroundings } from '../gateway.js';
import { listen, listenHttp } from '../listen.js';
import { bindUdp } from '../nameserver/udp-sockets.js';
import { createOpsListener } from '../ops-listener.js';
import { WorkerAnswers } from './worker-answers.js';
import { Workers } from './workers.js';

//   runSupervisor()                    signals, exit code
//   └─ Supervisor                      this file: what belongs to one process of the machine
//      ├─ ops    createOpsListener     WorkerAnswers asks the workers
//      ├─ the embedded database, the local authority's root, the development name server
//      └─ Workers                      starts, restarts and stops them
//         └─ WorkerProcess             one worker; over IPC: messages.ts
//            └─ runWorker() ─ Gateway  the listeners and cells, as in a single process
//
// Workers listen by themselves, on the same ports (SO_REUSEPORT): no request passes through the supervisor.

/** The process that starts the workers. It loads neither cells nor their modules, and serves no tenant. */
export class Supervisor {
  readonly #metrics = new Registry();
  readonly #workers: Workers;
  readonly #journal: EdgeJournal;
  readonly #ops: Server;
  /** Closed in reverse order. */
  readonly #closers: (() => Promise<void>)[] = [];

  private constructor(
    private readonly config: Config,
    private readonly logger: Logger,
  ) {
    collectNodeMetrics(this.#metrics);
    publishBuildInfo(this.#metrics);
    this.#journal = new EdgeJournal(logger, this.#metrics);
    this.#workers = new Workers(config.workers, { logger, metrics: this.#metrics });
    const answers = new WorkerAnswers({
      configured: config.workers,
      served: config.served.map(({ region }) => region),
      workers: () => this.#workers.all,
      own: this.#metrics,
      ended: this.#workers.endedCounts,
    });
    this.#ops = createOpsListener(answers, this.#journal);
  }

  /** Rejects when a port, the data dir, the local authority or the embedded database fails, but not when a worker does. */
  static async start(config: Config, logger: Logger): Promise<Supervisor> {
    const supervisor = new Supervisor(config, logger);
    try {
      await supervisor.#open();
      return supervisor;
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
  }

  /** Resolves when the first worker serves. */
  get serving(): Promise<void> {
    return this.#workers.serving;
  }

  /** Resolves when a worker was refused for its configuration. */
  get refused(): Promise<ConfigError> {
    return this.#workers.refused;
  }

  /** Replaces the workers one after the other. */
  restart(): void {
    this.#workers.restart();
  }

  /** Stops the workers, then what they use. Resolves to whether every worker ended by itself and without a failure. */
  async stop(): Promise<boolean> {
    const isClean = await this.#workers.stop();
    for (const close of this.#closers.toReversed()) await close();
    return isClean;
  }

  /** At the deadline. */
  killWorkers(): void {
    this.#workers.kill();
  }

  async #open(): Promise<void> {
    const { config, logger } = this;
    const listening = await listenHttp(this.#ops, config.ops);
    this.#closers.push(() => listening.close());
    await this.#requireFreePorts();
    logger.info({ ops: listening.port }, 'supervisor listening');
    const dns = await startDevelopmentDns(config, (transport, error) =>
      this.#journal.handlerFailed('dns', transport, error),
    );
    if (dns !== null) this.#closers.push(() => dns.close());
    const databases = await withLogger(logger, () => openDatabases(config, 'gateway'));
    this.#closers.push(() => databases.close());
    await this.#makeLocalRoot();
    const urls = config.served.map(({ region }) => [region, databases.urlOf(region)] as const);
    const surroundings: Omit<Surroundings, 'inherits'> = {
      databaseUrls: Object.fromEntries(urls),
      developmentDns: dns?.address ?? null,
    };
    this.#workers.start(surroundings);
  }

  /** Workers share their ports with each other and would share them with a second gateway: its requests would get lost. */
  async #requireFreePorts(): Promise<void> {
    const { admin, http, https, nameserver } = this.config;
    for (const listener of [https, http, admin, nameserver].filter((each) => each !== null)) {
      const listening = await listen(createServer(), listener);
      await listening.stopAccepting();
    }
    if (nameserver === null) return;
    for (const socket of await bindUdp(nameserver, { isShared: false })) socket.close();
  }

  /** Made once, before several workers would. */
  async #makeLocalRoot(): Promise<void> {
    const { cas, dataDir } = this.config;
    if (cas.length > 0) return;
    requireDataDir(dataDir);
    await openLocalRoot(join(dataDir, 'ca'), new Date());
  }
}
