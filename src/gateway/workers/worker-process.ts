import { fork, type ChildProcess } from 'node:child_process';
import { Socket, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ConfigProblem } from '../../config/config-problem.js';
import { SECOND } from '../../shared/durations.js';
import type { Surroundings } from '../gateway.js';
import type { SharedListener } from '../inherited-sockets.js';
import type { MetricValues } from '../ops-answers.js';
import type { Beating } from './heartbeat.js';
import type { Handed, Order, QuestionName, Questions, Report } from './messages.js';

export interface WorkerProgram {
  readonly file: string;
  /** Default: the Node of this process. */
  readonly node?: string;
}

export const WORKER_PROGRAM: WorkerProgram = {
  file: fileURLToPath(new URL('worker-main.js', import.meta.url)),
};
/** Longer than a busy event loop is late or a database takes, and shorter than a scrape waits. */
const ANSWER_WITHIN = 5 * SECOND;
/** A probe does not wait for a worker that hangs, and a worker's answer to it waits for nothing. */
const READINESS_WITHIN = SECOND;

export interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why there was no process. */
  readonly err?: Error;
}

/** Then the heir opens sockets of its own. */
const HANDED_OVER_WITHIN = 10 * SECOND;

type Answered = (answer: unknown) => void;

/** One worker, as the supervisor sees it. */
export class WorkerProcess implements Beating {
  /** Resolves when the worker listens and serves. Never, when it ends before. */
  readonly serving: Promise<void>;
  readonly ended: Promise<WorkerEnd>;
  readonly #child: ChildProcess;
  /** Handles on their way to the worker. */
  readonly #unsent = new Set<Server | Socket>();
  readonly #waiting = new Map<number, Answered>();
  readonly #handedOver = Promise.withResolvers<void>();
  readonly #canListen = Promise.withResolvers<void>();
  #heir: WorkerProcess | null = null;
  #lastId = 0;
  #servingSince: number | null = null;
  #hasEnded = false;
  #isStopping = false;
  #heardAt = performance.now();
  #isAsked = false;
  #isHanging = false;
  #problems: readonly ConfigProblem[] | null = null;
  #metrics: MetricValues[] = [];

  constructor(
    /** From 1 on. A worker that takes the place of another has its number. */
    readonly number: number,
    surroundings: Surroundings,
    { file, node }: WorkerProgram = WORKER_PROGRAM,
  ) {
    // Advanced: a value that is not a number stays one.
    this.#child = fork(file, {
      serialization: 'advanced',
      ...(node !== undefined && { execPath: node }),
    });
    this.ended = this.#whenEnded();
    const serving = Promise.withResolvers<void>();
    this.serving = serving.promise;
    this.#child.on('message', (report: Report, handle: unknown) => {
      this.#heardAt = performance.now();
      if (report.kind === 'serving') {
        this.#servingSince = performance.now();
        serving.resolve();
      } else if (report.kind === 'socket')
        this.#heir?.inherit(report.listener, handle as Server | undefined);
      else this.#receive(report);
    });
    this.#send({ kind: 'start', worker: number, surroundings });
  }

  /** Resolves when a worker that inherits is ready to listen. */
  get canListen(): Promise<void> {
    return this.#canListen.promise;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it takes new connections. */
  get isServing(): boolean {
    if (this.#isStopping || this.#isHanging || this.#hasEnded) return false;
    return this.#servingSince !== null;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** One that hangs has served until it was heard last. */
  get servedMs(): number {
    if (this.#servingSince === null) return 0;
    return (this.#isHanging ? this.#heardAt : performance.now()) - this.#servingSince;
  }

  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  get isHanging(): boolean {
    return this.#isHanging;
  }

  /** Why the worker was refused for its configuration; null: it was not. */
  get problems(): readonly ConfigProblem[] | null {
    return this.#problems;
  }

  /** What the worker has counted, as last asked. */
  get lastMetrics(): MetricValues[] {
    return this.#metrics;
  }

  /** Null when the worker does not answer in time, or could not. */
  async ask<Name extends QuestionName>(
    name: Name,
    about: Questions[Name]['about'],
  ): Promise<Questions[Name]['answer'] | null> {
    if (this.#hasEnded) return null;
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const within = name === 'readiness' ? READINESS_WITHIN : ANSWER_WITHIN;
    const timer = setTimeout(() => resolve(undefined), within);
    this.#waiting.set(id, resolve);
    this.#send({ kind: 'question', id, name, about });
    const answer = (await promise) as Questions[Name]['answer'] | undefined;
    clearTimeout(timer);
    this.#waiting.delete(id);
    if (name === 'metrics' && answer !== undefined) this.#metrics = answer as MetricValues[];
    return answer ?? null;
  }

  /**
   * Asks the worker to end the requests in progress and then itself. It has a deadline of its own.
   * @param isUnhurried whether clients have some seconds to leave their connections
   */
  stop({ isUnhurried = false } = {}): void {
    this.#isStopping = true;
    this.#send({ kind: 'stop', isUnhurried });
  }

  /**
   * Hands the sockets on which this worker listens to one that takes its place: a socket that is open in one of them is
   * never closed, and so no connection on it is reset. Resolves when that is done, or cannot be.
   */
  async handOverTo(heir: WorkerProcess): Promise<void> {
    this.#heir = heir;
    this.#send({ kind: 'hand over' });
    const timeout = delay(HANDED_OVER_WITHIN, undefined, { ref: false });
    await Promise.race([this.#handedOver.promise, this.ended, timeout]);
    heir.#send({ kind: 'listen' });
  }

  /** Passes a socket on; undefined: it was closed before it was sent. Node lets this process accept as well: those connections are passed on too. */
  inherit(listener: SharedListener, server: Server | undefined): void {
    if (server === undefined) return;
    // Paused: what this process read would be lost.
    Object.assign(server, { pauseOnConnect: true }).on('connection', (socket) =>
      this.#sendHandle({ kind: 'connection', listener }, socket),
    );
    this.#sendHandle({ kind: 'socket', listener }, server);
  }

  /** While others serve it need not listen before all of its regions serve; else it listens at once. */
  tellOthersServe(doThey: boolean): void {
    this.#send({ kind: doThey ? 'others serve' : 'nobody serves' });
  }

  /** Unless the last sign of life is still to come. */
  beat(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#send({ kind: 'beat' });
  }

  excuse(): void {
    this.#heardAt = performance.now();
  }

  killAsHanging(): void {
    this.#isHanging = true;
    this.kill();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #whenEnded(): Promise<WorkerEnd> {
    const end = await new Promise<WorkerEnd>((resolve) => {
      this.#child.on('exit', (exitCode, signal) => resolve({ exitCode, signal }));
      // Without a process there is no exit.
      this.#child.on('error', (err) => {
        if (this.pid === undefined) resolve({ exitCode: null, signal: null, err });
      });
    });
    this.#hasEnded = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    for (const handle of this.#unsent) letGo(handle);
    return end;
  }

  #receive(report: Exclude<Report, { kind: 'serving' }>): void {
    if (report.kind === 'alive') this.#isAsked = false;
    else if (report.kind === 'refused') this.#problems = report.problems;
    else if (report.kind === 'can listen') this.#canListen.resolve();
    else if (report.kind === 'handed over') this.#handedOver.resolve();
    else if (report.kind === 'last metrics') this.#metrics = report.metrics;
    else if (report.kind === 'answer') this.#waiting.get(report.id)?.(report.answer);
  }

  /** A worker that has just ended is not told; `ended` says so. */
  #send(order: Order): void {
    if (this.#child.connected) this.#child.send(order, () => undefined);
  }

  /** This process keeps no handle, neither when it is sent nor when it cannot be. */
  #sendHandle(order: Handed, handle: Server | Socket): void {
    if (!this.#child.connected) return letGo(handle);
    this.#unsent.add(handle);
    this.#child.send(order, handle, {}, (error) => {
      this.#unsent.delete(handle);
      // Node itself lets go of a connection that is sent.
      if (error !== null || !(handle instanceof Socket)) letGo(handle);
    });
  }
}

function letGo(handle: Server | Socket): void {
  if (handle instanceof Socket) handle.destroy();
  else handle.close();
}
