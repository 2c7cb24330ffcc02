import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Region } from '../config/region.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import type { Cell } from '../region/cell.js';
import { AppError } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import type { EdgeJournal } from './edge-journal.js';
import type {
  CellReadiness,
  MetricValues,
  OpsAnswers,
  Permission,
  Readiness,
} from './ops-answers.js';
import { stateOf, type RegionState } from './region-states.js';

/** A database that is slow makes no process unready. Less than a supervisor waits for a worker. */
const MISSING_WITHIN = SECOND / 2;

/** What the answers are made of. */
interface Sources {
  readonly served: readonly Region[];
  /** Whether the wait for the regions at start is over. */
  readonly isStarted: () => boolean;
  /** The running cells. */
  readonly cells: () => readonly Cell[];
  /** The metrics of the process; each cell has its own registry. */
  readonly metrics: readonly Registry[];
  /** Whether the name is an own host. */
  readonly isOwn: (hostname: Hostname) => boolean;
  /** Of a region without a cell: what its start waits for. */
  readonly startOf: (region: Region) => RegionState;
}

/** What this process and its cells say of themselves. It changes nothing. */
export class ProcessAnswers implements OpsAnswers {
  constructor(
    private readonly sources: Sources,
    private readonly journal: EdgeJournal,
  ) {}

  /**
   * Ready when at least one cell serves; the hosts of the others answer 503. Not ready before the wait for the regions at
   * start is over, so a deployment that waits for readiness gets every region that can start in time. An own host without
   * a certificate is named, and does not make a cell unready: CAs validate through it.
   */
  async readiness(): Promise<Readiness> {
    const { served, cells, isStarted } = this.sources;
    const up = new Map(cells().map((cell) => [cell.region, cell]));
    const states = await Promise.all(served.map((region) => this.#stateOf(region, up.get(region))));
    const isReady = isStarted() && states.some(({ state }) => state === 'serving');
    return { isReady, cells: states };
  }

  metrics(): Promise<MetricValues[]> {
    const { cells, metrics } = this.sources;
    const registries = [...metrics, ...cells().map((cell) => cell.metrics)];
    return Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
  }

  async permission(hostname: Hostname): Promise<Permission> {
    const { cells, isOwn } = this.sources;
    if (isOwn(hostname)) return 'served';
    const answers = await Promise.allSettled(cells().map((cell) => cell.wouldServe(hostname)));
    if (answers.some((each) => each.status === 'fulfilled' && each.value)) return 'served';
    const haveAllAnswered = answers.every(({ status }) => status === 'fulfilled');
    return haveAllAnswered ? 'not served' : 'nobody can say';
  }

  async #stateOf(region: Region, cell: Cell | undefined): Promise<CellReadiness> {
    const missing = cell === undefined ? [] : await this.#missingHosts(cell);
    return {
      region,
      state: stateOf(region, this.sources),
      ...(missing.length > 0 && { without_certificate: missing }),
    };
  }

  /** Nothing is said while the database cannot be asked. */
  async #missingHosts(cell: Cell): Promise<readonly Hostname[]> {
    if (cell.databaseState() === 'unreachable') return [];
    try {
      const late = delay(MISSING_WITHIN, [] as readonly Hostname[], { ref: false });
      return await Promise.race([cell.hostsWithoutCertificate(), late]);
    } catch (error) {
      // The database may be gone, or busy, before its state says so.
      if (!(error instanceof AppError) && !isConnectionFailure(error))
        this.journal.handlerFailed('ops', 'readyz', error);
      return [];
    }
  }
}
