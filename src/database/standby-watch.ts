import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { MINUTE, SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { DueLoop } from './due-loop.js';

/** `none`: the server has no synchronous standby, so a commit is confirmed at once. */
export type StandbyState = 'confirms' | 'silent' | 'none';

const EVERY = 2 * SECOND;
const SILENT_AFTER = 1.5 * SECOND;
const APPLICATION = 'onetime-gateway standby';
/** Then the connection is made anew: a network that drops packets never answers. */
const GIVE_UP_AFTER = MINUTE;

// Writes the log and no row, so nobody waits behind it.
const MARK = `select pg_logical_emit_message(true, 'onetime-gateway', ''),
  current_setting('synchronous_standby_names') <> '' as "hasStandby"`;

// A backend that waits for the standby does not notice that its client has left, so it would stay for the whole outage.
const END_ABANDONED = `select pg_terminate_backend(pid) from pg_stat_activity
  where pid = $1 and application_name = '${APPLICATION}' and wait_event = 'SyncRep'`;

/**
 * Whether the synchronous standby confirms commits now: commits a mark every two seconds, on a connection of its own. A
 * mark that waits is not sent again, so that a standby that is away costs one connection.
 */
export class StandbyWatch {
  readonly #logger = loggerFor(StandbyWatch.name);
  readonly #loop = new DueLoop({
    name: StandbyWatch.name,
    everyMs: EVERY,
    round: () => this.#look(),
  });
  #client: Client | null = null;
  /** The backend of the connection that was given up last. */
  #abandoned: number | null = null;
  #waiting: Promise<StandbyState> | null = null;
  #state: StandbyState | null = null;

  constructor(
    private readonly url: string,
    private readonly giveUpAfter = GIVE_UP_AFTER,
  ) {}

  /** Until the first mark is confirmed: silent. */
  get state(): StandbyState {
    return this.#state ?? 'silent';
  }

  async start(): Promise<void> {
    await this.#loop.startNow();
  }

  /** Looks at once. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    const stopped = this.#loop.stop();
    await this.#client?.end().catch(() => {});
    await stopped;
  }

  async #look(): Promise<void> {
    this.#waiting ??= this.#mark().finally(() => {
      this.#waiting = null;
    });
    // Whenever it is confirmed at last.
    void this.#waiting.then((state) => this.#observe(state));
    await Promise.race([this.#waiting, this.#silence()]);
  }

  async #silence(): Promise<void> {
    const waiting = this.#waiting;
    await delay(SILENT_AFTER, undefined, { ref: false });
    if (waiting === this.#waiting) this.#observe('silent');
  }

  async #mark(): Promise<StandbyState> {
    const client = this.#client ?? this.#newClient();
    try {
      if (this.#client === null) await this.#connect(client);
      const { rows } = await client.query<{ hasStandby: boolean }>(MARK);
      return rows[0]?.hasStandby === true ? 'confirms' : 'none';
    } catch {
      // DatabaseHealth logs why.
      this.#client = null;
      this.#abandoned = backendOf(client) ?? this.#abandoned;
      client.end().catch(() => {});
      return 'silent';
    }
  }

  async #connect(client: Client): Promise<void> {
    await client.connect();
    const abandoned = this.#abandoned;
    this.#abandoned = null;
    // Only tidies up, and a server may forbid it: what was abandoned ends there by itself, later.
    if (abandoned !== null) await client.query(END_ABANDONED, [abandoned]).catch(() => undefined);
    this.#client = client;
  }

  #newClient(): Client {
    const client = new Client({
      connectionString: this.url,
      application_name: APPLICATION,
      connectionTimeoutMillis: SILENT_AFTER,
      query_timeout: this.giveUpAfter,
      keepAlive: true,
    });
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    return client;
  }

  #observe(state: StandbyState): void {
    if (state === this.#state || this.#loop.isStopped) return;
    this.#state = state;
    if (state === 'confirms') this.#logger.info('the standby confirms claims');
    else if (state === 'silent')
      this.#logger.error('the standby does not confirm commits, no secret is opened or deleted');
    else
      this.#logger.warn(
        'claims are to be confirmed by a standby, and the database has none: synchronous_standby_names is empty',
      );
  }
}

/** Null before the connection is made. pg has it, and its types do not. */
function backendOf(client: Client): number | null {
  return (client as { readonly processID?: number | null }).processID ?? null;
}
