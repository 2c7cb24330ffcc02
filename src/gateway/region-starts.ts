import { setTimeout as delay } from 'node:timers/promises';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import type { RegionConfig } from '../config/region-config.js';
import type { Region } from '../config/region.js';
import type { BodyBudget } from '../region/body-budget.js';
import { MINUTE, SECOND } from '../shared/durations.js';
import type { Logger } from '../shared/logger.js';
import { buildCellConfig } from './build-cell-config.js';
import type { HostTable } from './host-table.js';
import type { RegionState } from './region-states.js';
import type { RegionTls } from './region-tls.js';
import { startRegion } from './start-region.js';

/** How long the start waits for the regions. A region that is not up by then continues to start in the background. */
const REGIONS_START_TIMEOUT = 10 * SECOND;
/** How long a worker waits for its other regions once others serve them. One whose database is away must not keep it. */
const WAIT_FOR_ALL_REGIONS = MINUTE;

interface Parts {
  readonly logger: Logger;
  readonly hosts: HostTable;
  readonly bodies: BodyBudget;
  readonly tls: RegionTls;
}

interface RegionParts {
  readonly config: Config;
  readonly urlOf: (region: Region) => string;
  readonly localAuthority: CertificateIssuer | null;
}

/** Starts the regions of the process side by side, and adds each to the host table when it serves. */
export class RegionStarts {
  readonly #stopping = new AbortController();
  readonly #serving = Promise.withResolvers<void>();
  readonly #allRefused = Promise.withResolvers<ConfigError>();
  readonly #refusals = new Map<Region, ConfigError>();
  readonly #waits = new Map<Region, RegionState>();
  #starts: readonly Promise<void>[] = [];
  #isOver = false;

  constructor(private readonly parts: Parts) {}

  /** Whether the wait for the regions at start is over. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when the wait for the regions at start is over and at least one of them serves. */
  get serving(): Promise<void> {
    return this.#serving.promise;
  }

  /** Resolves when each region serves or was refused; after a minute as soon as one serves. */
  async allServe(): Promise<void> {
    await Promise.race([Promise.all(this.#starts), delay(WAIT_FOR_ALL_REGIONS)]);
    await this.serving;
  }

  /** Resolves when every region was refused for its configuration: the process has nothing to serve. */
  get allRefused(): Promise<ConfigError> {
    return this.#allRefused.promise;
  }

  /** Of a region that does not serve yet. */
  stateOf(region: Region): RegionState {
    if (this.#refusals.has(region)) return 'configuration refused';
    return this.#waits.get(region) ?? 'starting';
  }

  /**
   * Resolves after the first attempt of each region, or at the timeout. Regions that failed keep retrying.
   * @throws ConfigError when every region is refused for its configuration
   */
  async start(parts: RegionParts): Promise<void> {
    const { served } = parts.config;
    const firstAttempts: Promise<void>[] = [];
    this.#starts = served.map((region) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      firstAttempts.push(promise);
      return this.#startOne(parts, region, resolve);
    });
    const timeout = delay(REGIONS_START_TIMEOUT, undefined, { ref: false });
    await Promise.race([Promise.all(firstAttempts), timeout]);
    if (this.#refusals.size === served.length) throw await this.allRefused;
    this.#isOver = true;
    const { hosts, logger } = this.parts;
    if (hosts.cells.length > 0) this.#serving.resolve();
    else logger.warn('no region serves yet');
  }

  /** Ends the attempts. Resolves when none is in progress. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#starts);
  }

  async #startOne(parts: RegionParts, region: RegionConfig, onTried: () => void): Promise<void> {
    const { config, urlOf, localAuthority } = parts;
    const { bodies, hosts, logger, tls } = this.parts;
    const cellConfig = buildCellConfig(config, region, urlOf(region.region));
    const cell = await startRegion(cellConfig, {
      logger,
      localAuthority,
      hostServers: tls.of(region.region),
      bodies,
      signal: this.#stopping.signal,
      onTried,
      onWaiting: (state) => this.#waits.set(region.region, state),
      onRefused: (error) => this.#refuse(config, region.region, error),
    });
    if (cell === null) return;
    hosts.add(cell);
    logger.info({ region: cell.region, url: cell.tenants.canonical.origin }, 'region is serving');
    if (this.#isOver) this.#serving.resolve();
  }

  #refuse({ served }: Config, region: Region, error: ConfigError): void {
    this.#refusals.set(region, error);
    if (this.#refusals.size < served.length) return;
    const problems = [...this.#refusals.values()].flatMap((refusal) => refusal.problems);
    this.#allRefused.resolve(new ConfigError(problems));
  }
}
