import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { CellConfig } from '../config/cell-config.js';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { DomainsService } from '../domains/domains.service.js';
import { AppError } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import type { ClientNetworks } from '../shared/network.js';
import { ProgressStream } from './progress-stream.js';
import { ProgressWatch } from './progress-watch.js';
import type { SetupProgress } from './setup-progress.js';
import { WatcherPasses, type Pass } from './watcher-passes.js';

export interface Watcher {
  /** The account, or the link. */
  readonly subject: string;
  readonly client: ClientNetworks;
  readonly pass: Pass;
}

export interface Watched {
  readonly hostname: Hostname;
  /** The other name of the pair, where it is shown too. */
  readonly other?: Hostname | null;
  /** Null: there is nothing more to see. */
  readonly load: () => Promise<SetupProgress | null>;
}

/** At once: browser tabs of one account or link, people behind one address, all of the cell. */
export const STREAMS_MAX = { subject: 8, network: 24, wide: 96, all: 2000 } as const;
const RETRY_AFTER_SECONDS = 15;
const RETRY_ELSEWHERE_SECONDS = 1;
/** After that the end of a session, a token or a link has ended what it opened. */
const PASSES_EVERY = 3 * SECOND;

/** The open streams of a cell, of bounded number. Without limits (`GATEWAY_LIMITS=off`) only the bound of all holds. */
@Injectable()
export class ProgressStreams extends BackgroundJob implements OnModuleDestroy {
  readonly #open = new Map<ProgressStream, Pass>();
  readonly #held = new Map<string, number>();
  readonly #passesLoop = new DueLoop({
    name: ProgressStreams.name,
    round: () => this.closeEnded(),
    everyMs: PASSES_EVERY,
  });
  #isDraining = false;

  constructor(
    private readonly config: CellConfig,
    private readonly watch: ProgressWatch,
    private readonly domains: DomainsService,
    private readonly passes: WatcherPasses,
  ) {
    super();
  }

  protected override begin(): void {
    this.#passesLoop.start();
  }

  /** The body of an answer of the type `text/event-stream`. Throws AppError `rate_limited` or `busy` above a bound. */
  open(watcher: Watcher, { hostname, other = null, load }: Watched): Readable {
    if (this.#isDraining || this.#open.size >= STREAMS_MAX.all) throw tryElsewhere();
    const places = this.#placesOf(watcher);
    if (places.some(({ key, max }) => (this.#held.get(key) ?? 0) >= max)) throw tooMany();
    for (const { key } of places) this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
    const names = other === null ? [hostname] : [hostname, other];
    const stream = new ProgressStream({
      load: async () => ((await this.passes.isValid(watcher.pass)) ? load() : null),
      watch: (onMove) => {
        const ends = names.map((name) => this.watch.watch(name, onMove));
        return () => ends.forEach((end) => end());
      },
      onWatched: () => this.domains.watch({ hostname }),
    });
    this.#open.set(stream, watcher.pass);
    stream.body.once('close', () => {
      this.#open.delete(stream);
      for (const { key } of places) this.#release(key);
    });
    return stream.body;
  }

  /** How many streams are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Closes the streams of those who may watch no more. A set-up may be still for hours, so this does not wait until it
   * moves; with nobody watching it asks nothing.
   */
  async closeEnded(): Promise<void> {
    if (this.#open.size === 0) return;
    // Others are opened meanwhile.
    const looked = [...this.#open];
    const valid = await this.passes.validAmong(looked.map(([, pass]) => pass));
    for (const [stream, pass] of looked) if (!valid.has(pass)) stream.close();
  }

  /** Ends every stream and opens no more, so that the process can stop: their clients ask another one. */
  drain(): void {
    this.#isDraining = true;
    for (const stream of this.#open.keys()) stream.end();
  }

  async onModuleDestroy(): Promise<void> {
    this.drain();
    await this.#passesLoop.stop();
  }

  #placesOf({ subject, client }: Watcher): { readonly key: string; readonly max: number }[] {
    if (this.config.limits === null) return [];
    const { near, wide } = client;
    return [
      { key: `subject ${subject}`, max: STREAMS_MAX.subject },
      { key: `network ${near}`, max: STREAMS_MAX.network },
      ...(wide === null ? [] : [{ key: `wide ${wide}`, max: STREAMS_MAX.wide }]),
    ];
  }

  #release(key: string): void {
    const held = (this.#held.get(key) ?? 1) - 1;
    if (held > 0) this.#held.set(key, held);
    else this.#held.delete(key);
  }
}

function tooMany(): AppError {
  return new AppError('rate_limited', 'The set-up is open in too many places at once.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function tryElsewhere(): AppError {
  return new AppError('busy', 'No more set-ups can be watched here just now.', {
    retryAfterSeconds: RETRY_ELSEWHERE_SECONDS,
  });
}
