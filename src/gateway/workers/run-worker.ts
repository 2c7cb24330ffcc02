import type { Server, Socket } from 'node:net';
import { setImmediate as nextRound } from 'node:timers/promises';
import { ConfigError } from '../../config/config-error.js';
import { readConfig } from '../../config/config.js';
import { SECOND } from '../../shared/durations.js';
import type { Logger } from '../../shared/logger.js';
import { Gateway, type Surroundings } from '../gateway.js';
import { limitHeapGrowth } from '../heap-growth.js';
import type { OpsAnswers } from '../ops-answers.js';
import { EXIT_CONFIGURATION, EXIT_FAILED, openOutput, StopRequest } from '../process-end.js';
import { InheritedSockets, type ListeningSocket } from '../inherited-sockets.js';
import type { Order, Report } from './messages.js';

/** How long a worker that was replaced keeps connections that are idle. A client that is at work sends within it. */
const GRACE = 5 * SECOND;

type Question = Extract<Order, { kind: 'question' }>;

interface Start {
  readonly worker: number;
  readonly surroundings: Surroundings;
}

/**
 * Runs a worker, from start to exit: as a process that serves alone, but it is told by its supervisor when to stop, and
 * stops too when the supervisor ends in any way.
 */
export async function runWorker(environment: NodeJS.ProcessEnv): Promise<void> {
  // Read before anything is awaited: the supervisor sends the order at once.
  const orders = new Orders();
  try {
    await serve(environment, orders);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Told to the supervisor alone: its sentence is the only one.
    await report({ kind: 'refused', problems: error.problems });
    process.exit(EXIT_CONFIGURATION);
  }
}

async function serve(environment: NodeJS.ProcessEnv, orders: Orders): Promise<void> {
  const config = readConfig(environment);
  const { logger: processLogger, flush, exit } = openOutput(config);
  const { worker, surroundings } = await orders.start;
  const logger = processLogger.child({ worker });
  const stopRequested = new StopRequest((reason) => {
    logger.error({ reason }, 'forced to exit before the stop was complete');
    exit(EXIT_FAILED);
  });
  // Of the terminal's whole process group; it means the supervisor.
  process.on('SIGHUP', () => undefined);
  orders.onStop = () => stopRequested.request();
  try {
    const gateway = await Gateway.startWorker(config, logger, {
      surroundings,
      stopRequested: stopRequested.received,
      othersServe: () => orders.othersServe,
      inherit: () => orders.inherit(surroundings.inherits),
    });
    orders.onHandOver = () => void handOver(gateway.sockets);
    orders.onQuestion = (question) => void answer(gateway.answers, question, logger);
    void gateway.serving.then(() => {
      limitHeapGrowth();
      return report({ kind: 'serving' });
    });
    const refusal = await Promise.race([stopRequested.received, gateway.allRefused]);
    logger.info('stopping');
    // Connections that wait on the socket are accepted first: the kernel resets them when it is closed.
    await nextRound();
    await nextRound();
    await gateway.stop({
      graceMs: orders.isUnhurried ? GRACE : 0,
      beforeClose: async () =>
        report({ kind: 'last metrics', metrics: await gateway.answers.metrics() }),
    });
    if (refusal !== undefined) throw refusal;
  } catch (err) {
    if (err instanceof ConfigError) {
      flush();
      throw err;
    }
    logger.fatal({ err }, 'worker failed');
    exit(EXIT_FAILED);
  }
  logger.info('stopped');
  exit(0);
}

/** What the supervisor says. Its end is an order to stop. */
class Orders {
  readonly #start = Promise.withResolvers<Start>();
  #isStopped = false;
  #isUnhurried = false;
  #othersServe: PromiseWithResolvers<void> | null = null;
  #onStop: () => void = () => undefined;
  readonly #inherited = new InheritedSockets();
  readonly #mayListen = Promise.withResolvers<void>();
  onHandOver: () => void = () => undefined;
  onQuestion: (question: Question) => void = ({ id }) =>
    void report({ kind: 'answer', id, answer: undefined });

  constructor() {
    process.on('message', (order: Order, handle: unknown) => {
      if (order.kind === 'start') this.#start.resolve(order);
      else if (order.kind === 'socket')
        this.#inherited.add({ listener: order.listener, server: handle as Server | undefined });
      else if (order.kind === 'connection')
        this.#inherited.addConnection(order.listener, handle as Socket | undefined);
      else if (order.kind === 'others serve') this.#othersServe ??= Promise.withResolvers();
      else if (order.kind === 'nobody serves') this.#endOfOthers();
      else if (order.kind === 'listen') this.#mayListen.resolve();
      else if (order.kind === 'beat') void report({ kind: 'alive' });
      else if (order.kind === 'hand over') this.onHandOver();
      else if (order.kind === 'stop') {
        this.#isUnhurried = order.isUnhurried;
        this.#stop();
      } else this.onQuestion(order);
    });
    process.on('disconnect', () => this.#stop());
  }

  /** Asks for what another worker hands over, when this one takes its place. */
  async inherit(inherits: boolean): Promise<InheritedSockets> {
    if (inherits) {
      await report({ kind: 'can listen' });
      await this.#mayListen.promise;
    }
    return this.#inherited;
  }

  /** Whether another worker has taken this one's place: then there is time. */
  get isUnhurried(): boolean {
    return this.#isUnhurried;
  }

  /** While another worker serves: resolves when none does any more. */
  get othersServe(): Promise<void> | null {
    return this.#othersServe?.promise ?? null;
  }

  get start(): Promise<Start> {
    return this.#start.promise;
  }

  /** Called at once when the order has come before. */
  set onStop(stop: () => void) {
    this.#onStop = stop;
    if (this.#isStopped) stop();
  }

  #endOfOthers(): void {
    this.#othersServe?.resolve();
    this.#othersServe = null;
  }

  #stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#onStop();
  }
}

async function handOver(sockets: readonly ListeningSocket[]): Promise<void> {
  // After a signal of its own the worker has closed them.
  for (const { listener, server } of sockets)
    if (server.listening) await report({ kind: 'socket', listener }, server);
  await report({ kind: 'handed over' });
}

async function answer(answers: OpsAnswers, question: Question, logger: Logger): Promise<void> {
  const { id, name, about } = question;
  try {
    await report({ kind: 'answer', id, answer: await answerTo(answers, name, about) });
  } catch (err) {
    logger.error({ question: name, err }, 'question of the supervisor failed');
    await report({ kind: 'answer', id, answer: undefined });
  }
}

function answerTo(
  answers: OpsAnswers,
  name: Question['name'],
  about: Question['about'],
): Promise<unknown> {
  if (name === 'readiness') return answers.readiness();
  if (name === 'metrics') return answers.metrics();
  return about === null ? Promise.resolve(undefined) : answers.permission(about);
}

/** Resolves when it is sent, or cannot be: the supervisor has ended. */
function report(message: Report, handle?: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) return resolve();
    process.send(message, handle, {}, () => resolve());
  });
}
