import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ConfigError } from '../../config/config-error.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import type { Logger } from '../../shared/logger.js';
import type { Surroundings } from '../gateway.js';
import { STOP_DEADLINE } from '../process-end.js';
import { Heartbeat, HEARTBEAT, type HeartbeatTimes } from './heartbeat.js';
import { EndedCounts } from './merged-metrics.js';
import { RestartBackoff } from './restart-backoff.js';
import {
  WORKER_PROGRAM,
  WorkerProcess,
  type WorkerEnd,
  type WorkerProgram,
} from './worker-process.js';

/** How long a rolling restart waits for a new worker to serve before it gives up. */
const SERVES_WITHIN = 2 * MINUTE;
/** A worker ends itself at its deadline, unless it hangs. */
const ENDS_WITHIN = STOP_DEADLINE + 2 * SECOND;

type SharedSurroundings = Omit<Surroundings, 'inherits'>;

interface Place {
  /** Whether #roll() handles the end of the worker. */
  readonly isReplacement?: boolean;
  /** The worker that hands its sockets over. */
  readonly heirOf?: WorkerProcess | undefined;
}

interface Parts {
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly program?: WorkerProgram;
  /** Milliseconds that a worker has for its end in a rolling restart. */
  readonly endsWithin?: number;
  readonly heartbeat?: HeartbeatTimes;
}

/** Keeps a number of workers running: starts them, restarts what ends, replaces them one by one. */
export class Workers {
  readonly endedCounts = new EndedCounts();
  readonly #all = new Set<WorkerProcess>();
  readonly #backoffs: readonly RestartBackoff[];
  readonly #serving = Promise.withResolvers<void>();
  readonly #refused = Promise.withResolvers<ConfigError>();
  readonly #stopping = new AbortController();
  readonly #restarts: Counter;
  readonly #hangs: Counter;
  readonly #heartbeat: Heartbeat<WorkerProcess>;
  readonly #logger: Logger;
  readonly #program: WorkerProgram;
  readonly #endsWithin: number;
  #surroundings: SharedSurroundings = { databaseUrls: {}, developmentDns: null };
  #rolling: Promise<void> | null = null;
  #mustRollAgain = false;
  #isClean = true;

  constructor(count: number, parts: Parts) {
    const { logger, metrics, program = WORKER_PROGRAM, endsWithin = ENDS_WITHIN } = parts;
    const onHanging = (worker: WorkerProcess): void => this.#onHanging(worker);
    this.#heartbeat = new Heartbeat(() => this.all, onHanging, parts.heartbeat ?? HEARTBEAT);
    this.#logger = logger;
    this.#program = program;
    this.#endsWithin = endsWithin;
    this.#backoffs = Array.from({ length: count }, () => new RestartBackoff());
    this.#restarts = new Counter({
      name: 'gateway_worker_restarts_total',
      help: 'Workers started in place of one that ended by itself',
      registers: [metrics],
    });
    this.#hangs = new Counter({
      name: 'gateway_worker_hangs_total',
      help: 'Workers that were killed because they gave no sign of life',
      registers: [metrics],
    });
    metrics.registerMetric(countOf(this.#all));
  }

  /** Those that have not ended, in the order of their start. */
  get all(): readonly WorkerProcess[] {
    return [...this.#all];
  }

  get serving(): Promise<void> {
    return this.#serving.promise;
  }

  get refused(): Promise<ConfigError> {
    return this.#refused.promise;
  }

  start(surroundings: SharedSurroundings): void {
    this.#surroundings = surroundings;
    for (const index of this.#backoffs.keys()) this.#startOne(index + 1);
    this.#heartbeat.start();
  }

  /** A request during a restart begins another one behind it, for what may have changed meanwhile. */
  restart(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#rolling !== null) {
      this.#mustRollAgain = true;
      return;
    }
    this.#rolling = this.#roll()
      .catch((err: unknown) => this.#logger.error({ err }, 'rolling restart failed'))
      .finally(() => {
        this.#rolling = null;
        if (!this.#mustRollAgain) return;
        this.#mustRollAgain = false;
        this.restart();
      });
  }

  /** Resolves when all have ended, to whether all did by themselves and without a failure. */
  async stop(): Promise<boolean> {
    this.#stopping.abort();
    this.#heartbeat.stop();
    for (const worker of this.#all) worker.stop();
    await Promise.all(this.all.map(({ ended }) => ended));
    return this.#isClean;
  }

  kill(): void {
    for (const worker of this.#all) worker.kill();
  }

  #startOne(number: number, { isReplacement = false, heirOf }: Place = {}): WorkerProcess {
    const surroundings = { ...this.#surroundings, inherits: heirOf !== undefined };
    const worker = new WorkerProcess(number, surroundings, this.#program);
    void worker.canListen.then(() => heirOf?.handOverTo(worker));
    this.#all.add(worker);
    this.#tellThoseThatStart();
    const fields = { worker: number, pid: worker.pid };
    this.#logger.info(fields, 'worker started');
    void worker.serving.then(() => {
      this.#logger.info(fields, 'worker serves');
      this.#tellThoseThatStart();
      this.#serving.resolve();
    });
    void worker.ended.then((end) => {
      this.#all.delete(worker);
      this.#tellThoseThatStart();
      this.endedCounts.add(worker.lastMetrics);
      this.#onEnd(worker, end, isReplacement);
    });
    return worker;
  }

  #tellThoseThatStart(): void {
    const doOthersServe = this.all.some(({ isServing }) => isServing);
    for (const worker of this.all) if (!worker.isServing) worker.tellOthersServe(doOthersServe);
  }

  /** Its end is handled as that of any other. */
  #onHanging(worker: WorkerProcess): void {
    const { number, pid, silentMs } = worker;
    const fields = { worker: number, pid, silentMs: Math.round(silentMs) };
    this.#logger.error(fields, 'worker gives no sign of life, killed');
    this.#hangs.inc();
    worker.killAsHanging();
  }

  #onEnd(worker: WorkerProcess, end: WorkerEnd, isReplacement: boolean): void {
    const fields = { worker: worker.number, pid: worker.pid, ...end };
    if (this.#stopping.signal.aborted) {
      if (end.exitCode !== 0) this.#isClean = false;
      return;
    }
    if (worker.isStopping) return this.#logger.info(fields, 'worker stopped');
    const hasServed = worker.servedMs > 0;
    if (isReplacement && !hasServed)
      return this.#logger.error(fields, 'new worker ended before it served');
    const refusal = worker.problems && new ConfigError(worker.problems);
    // What changed on disk since the others started must not end them.
    if (refusal !== null && !this.all.some(({ isServing }) => isServing))
      return this.#refused.resolve(refusal);
    const err = refusal ?? end.err;
    if (this.#isFilled(worker.number)) {
      this.#restarts.inc();
      return this.#logger.error({ ...fields, err }, 'worker ended while it was replaced');
    }
    const restartInMs = this.#restartLater(worker.number, worker.servedMs);
    this.#logger.error({ ...fields, err, restartInMs }, 'worker ended, will be restarted');
  }

  /** A rolling restart may have filled the place of a worker that ended. One that is stopping fills none. */
  #isFilled(place: number): boolean {
    return this.all.some(({ number, isStopping }) => number === place && !isStopping);
  }

  /** Returns after how many milliseconds. */
  #restartLater(number: number, servedMs = 0): number {
    const restartInMs = this.#backoffs[number - 1]?.next(servedMs) ?? 0;
    void this.#restartAfter(restartInMs, number);
    return restartInMs;
  }

  async #restartAfter(restartInMs: number, number: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(restartInMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || this.#isFilled(number)) return;
    try {
      this.#startOne(number);
      this.#restarts.inc();
    } catch (err) {
      this.#logger.error(
        { worker: number, err, restartInMs: this.#restartLater(number) },
        'worker could not be started, will be tried again',
      );
    }
  }

  /** One after the other: the new worker serves before the old one is told to stop. */
  async #roll(): Promise<void> {
    const { signal } = this.#stopping;
    this.#logger.info({ workers: this.#backoffs.length }, 'rolling restart');
    for (const index of this.#backoffs.keys()) {
      const old = this.all.find(({ number, isStopping }) => number === index + 1 && !isStopping);
      const replacement = this.#startOne(index + 1, { isReplacement: true, heirOf: old });
      if (!(await this.#serves(replacement))) {
        replacement.kill();
        if (!signal.aborted) this.#giveUp(replacement);
        return;
      }
      old?.stop({ isUnhurried: true });
      if (old !== undefined) await this.#endOf(old);
      if (signal.aborted) return;
    }
    this.#logger.info('rolling restart done');
  }

  async #endOf(worker: WorkerProcess): Promise<void> {
    const timer = setTimeout(() => {
      this.#logger.error({ worker: worker.number, pid: worker.pid }, 'worker hangs, killed');
      worker.kill();
    }, this.#endsWithin);
    await worker.ended;
    clearTimeout(timer);
  }

  /** The workers that serve go on. The old one of this place may have ended meanwhile. */
  #giveUp({ number, problems }: WorkerProcess): void {
    const err = problems === null ? {} : { err: new ConfigError(problems) };
    this.#logger.error({ worker: number, ...err }, 'rolling restart given up');
    this.#restartLater(number);
  }

  #serves(worker: WorkerProcess): Promise<boolean> {
    const timeout = delay(SERVES_WITHIN, undefined, { ref: false });
    return Promise.race([
      worker.serving.then(() => true),
      worker.ended.then(() => false),
      timeout.then(() => false),
    ]);
  }
}

const STATES = ['starting', 'serving', 'stopping'] as const;

function countOf(workers: ReadonlySet<WorkerProcess>): Gauge {
  return new Gauge({
    name: 'gateway_workers',
    help: `Worker processes by state: ${STATES.join(', ')}`,
    labelNames: ['state'],
    registers: [],
    collect() {
      for (const state of STATES) this.set({ state }, 0);
      for (const worker of workers) this.inc({ state: stateOf(worker) });
    },
  });
}

function stateOf({ isServing, isStopping }: WorkerProcess): (typeof STATES)[number] {
  if (isStopping) return 'stopping';
  return isServing ? 'serving' : 'starting';
}
