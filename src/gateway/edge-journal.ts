import { Counter, type Registry } from 'prom-client';
import { SECOND } from '../shared/durations.js';
import type { Logger } from '../shared/logger.js';
import type { Network } from '../shared/network.js';
import type { ConnectionRefusal, Ended } from './connection-gate.js';

export type ListenerName = 'https' | 'http' | 'ops' | 'admin' | 'dns' | 'nameserver';

/** The label `reason` of `gateway_refused_handshakes_total`: a closed set, so that clients cannot create series. */
export type RefusalReason =
  | 'no_server_name'
  | 'unknown_name'
  | 'lookup_failed'
  | 'no_certificate'
  | 'certificate_failed'
  | 'challenge_unknown'
  | 'plain_http'
  | 'malformed_hello'
  | 'hello_timeout'
  | 'handshake_timeout'
  | 'protocol_version'
  | 'no_shared_cipher'
  | 'no_shared_protocol'
  | 'client_left'
  | 'client_alert'
  | 'other';

/** The refusals whose cause is on this side. */
const OPERATORS_FAULT: ReadonlySet<RefusalReason> = new Set([
  'lookup_failed',
  'no_certificate',
  'certificate_failed',
]);

/** One line of a reason in this time; the others are counted and the next line has their number. */
const LOG_EVERY = 10 * SECOND;

/** Logs and counts what happens before any request reaches a cell: refused handshakes and failed handlers. */
export class EdgeJournal {
  readonly #shaken: Counter<'session'>;
  readonly #refused: Counter<'reason'>;
  readonly #failed: Counter<'listener' | 'event'>;
  readonly #dropped: Counter<'listener' | 'reason'>;
  readonly #ended: Counter<'listener' | 'reason'>;
  readonly #endedStreams: Counter;
  readonly #logged = new Map<string, { at: number; suppressed: number }>();

  constructor(
    private readonly logger: Logger,
    registry: Registry,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#shaken = new Counter({
      name: 'gateway_handshakes_total',
      help: 'Completed TLS handshakes on the HTTPS port, by session: new or resumed',
      labelNames: ['session'],
      registers: [registry],
    });
    for (const session of ['new', 'resumed']) this.#shaken.inc({ session }, 0);
    this.#refused = new Counter({
      name: 'gateway_refused_handshakes_total',
      help: 'Connections on the HTTPS port that ended before a handshake was complete, by reason',
      labelNames: ['reason'],
      registers: [registry],
    });
    this.#dropped = new Counter({
      name: 'gateway_refused_connections_total',
      help: 'Connections refused before a handshake or a request, by listener and limit',
      labelNames: ['listener', 'reason'],
      registers: [registry],
    });
    this.#ended = new Counter({
      name: 'gateway_ended_connections_total',
      help: 'Connections without a request in work that ended so that another had its place, by listener and reason',
      labelNames: ['listener', 'reason'],
      registers: [registry],
    });
    this.#endedStreams = new Counter({
      name: 'gateway_ended_streams_total',
      help: 'Streams of HTTP/2 that ended because too many were open',
      registers: [registry],
    });
    this.#failed = new Counter({
      name: 'gateway_handler_failures_total',
      help: 'Errors thrown by a handler in front of the cells, by listener and event',
      labelNames: ['listener', 'event'],
      registers: [registry],
    });
  }

  handshakeDone(isResumed: boolean): void {
    this.#shaken.inc({ session: isResumed ? 'resumed' : 'new' });
  }

  /** Counts each refusal. Logs the first of a reason at once, then at most one in ten seconds. */
  handshakeRefused(reason: RefusalReason, fields: Readonly<Record<string, unknown>>): void {
    this.#refused.inc({ reason });
    const suppressed = this.#suppressedOf(reason);
    if (suppressed === null) return;
    const level = OPERATORS_FAULT.has(reason) ? 'error' : 'info';
    this.logger[level]({ reason, ...fields, suppressed }, 'handshake refused');
  }

  /** A limit on connections was met. Counted and logged as refused handshakes are. */
  connectionRefused(listener: ListenerName, reason: ConnectionRefusal, network: Network): void {
    this.#dropped.inc({ listener, reason });
    const suppressed = this.#suppressedOf(`${listener} ${reason}`);
    if (suppressed === null) return;
    this.logger.warn({ listener, reason, network, suppressed }, 'connection refused');
  }

  /** The system gave a connection of a client to nobody, as without memory. Counted and logged as refused handshakes are. */
  acceptFailed(listener: ListenerName, err: unknown): void {
    this.#dropped.inc({ listener, reason: 'accept_failed' });
    const suppressed = this.#suppressedOf(`${listener} accept`);
    if (suppressed === null) return;
    this.logger.error({ listener, err, suppressed }, 'connection not accepted');
  }

  /** The listener was full, or too many handshakes were in progress. Counted and logged as refused handshakes are. */
  connectionEnded(listener: ListenerName, reason: Ended): void {
    this.#ended.inc({ listener, reason });
    const suppressed = this.#suppressedOf(`${listener} ${reason}`);
    if (suppressed === null) return;
    this.logger.warn({ listener, reason, suppressed }, 'connection ended, another needs its place');
  }

  /** The limit of open streams was met by a client of this network. Counted and logged as refused handshakes are. */
  streamEnded(network: Network | null): void {
    this.#endedStreams.inc();
    const suppressed = this.#suppressedOf('stream');
    if (suppressed === null) return;
    this.logger.warn({ network, suppressed }, 'stream ended, too many are open');
  }

  /** How many lines of this kind were left out since the last one; null when this one is left out too. */
  #suppressedOf(kind: string): number | null {
    const now = this.now();
    const last = this.#logged.get(kind);
    if (last !== undefined && now - last.at < LOG_EVERY) {
      last.suppressed += 1;
      return null;
    }
    this.#logged.set(kind, { at: now, suppressed: 0 });
    return last?.suppressed ?? 0;
  }

  /** An error of this program: each one is logged. */
  handlerFailed(listener: ListenerName, event: string, err: unknown): void {
    this.#failed.inc({ listener, event });
    this.logger.error({ listener, event, err }, 'handler failed');
  }
}

/** Where a listener writes down what fails in it. */
export type ListenerJournal = Pick<EdgeJournal, 'acceptFailed' | 'handlerFailed'>;
