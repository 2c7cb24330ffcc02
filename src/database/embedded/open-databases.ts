import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Config } from '../../config/config.js';
import { ConfigError } from '../../config/config-error.js';
import { dataDirError, refuseDataDir, requireDataDir } from '../../config/data-dir.js';
import type { Region } from '../../config/region.js';
import { SECOND } from '../../shared/durations.js';
import { isConnectionFailure } from '../connection-failure.js';
import { hasCluster } from './cluster.js';
import { readDetails } from './connection-details.js';
import {
  lockDataDir,
  lockFileIn,
  type DataDirInUse,
  type DataDirLock,
  type DataDirUser,
} from './data-dir-lock.js';
import { regionUrl, startEmbeddedPostgres } from './embedded-postgres.js';

const POLL = 200;
// Longer than a command runs, and than a gateway takes to start its server.
const WAIT_FOR_LOCK = 30 * SECOND;
// A stopping gateway may hold the lock for a moment after the next one has started.
const WAIT_FOR_GATEWAY = 2 * SECOND;
const PROBE_TIMEOUT = 3 * SECOND;
/** Enough for one process, the one that takes its place, and commands. */
const CONNECTIONS_LEAST = 100;
/** Its pool of ten, and those that listen for notifications. */
const CONNECTIONS_OF_A_CELL = 15;

/** The databases of the served regions, embedded or external. */
export interface Databases {
  urlOf(region: Region): string;
  /** Stops the embedded server if this process has started it. Disconnect first. */
  close(): Promise<void>;
}

/**
 * Finds each served region's database. A region without a database URL uses the embedded server of the data dir: this
 * starts it, or a command uses the server of the running gateway. A command makes no server or database in it unless it
 * fills one: without the environment of its gateway it would else answer from an empty one.
 * @throws ConfigError when the data dir cannot be used, when another process keeps it locked, or for a command when it
 *   has no database of a region
 */
export async function openDatabases(
  config: Pick<Config, 'dataDir' | 'served'> & Partial<Pick<Config, 'workers'>>,
  user: DataDirUser,
  mayMake = user === 'gateway',
): Promise<Databases> {
  const external = new Map(config.served.map(({ region, databaseUrl }) => [region, databaseUrl]));
  const embedded = config.served
    .filter(({ databaseUrl }) => databaseUrl === null)
    .map(({ region }) => region);
  const { dataDir, workers = 1 } = config;
  const plan = { dataDir, regions: embedded, workers, mayMake };
  const server = embedded.length === 0 ? null : await openEmbedded(plan, user);

  return {
    urlOf(region) {
      const url = external.get(region) ?? server?.urlOf(region);
      if (url === undefined) throw new Error(`the region ${region} is not served here`);
      return url;
    },
    close: async () => server?.close(),
  };
}

interface Plan {
  readonly dataDir: string;
  readonly regions: readonly Region[];
  readonly workers: number;
  readonly mayMake: boolean;
}

async function openEmbedded(plan: Plan, user: DataDirUser): Promise<Databases> {
  const { dataDir, regions, mayMake } = plan;
  const startedAt = Date.now();
  for (;;) {
    // Before the lock, which makes the data dir.
    if (!mayMake && !existsSync(lockFileIn(dataDir))) throw notMade(dataDir, regions);
    const opened = tryToLock(dataDir, user);
    if (opened.isOurs) return startServer(plan, opened);
    if (user === 'command' && opened.holder?.user === 'gateway') {
      const shared = await useGatewaysServer(dataDir, regions);
      if (shared !== null) return shared;
    }
    throwWhenWaitedTooLong(opened, user, { dataDir, waited: Date.now() - startedAt });
    await delay(POLL);
  }
}

function tryToLock(dataDir: string, user: DataDirUser): DataDirLock | DataDirInUse {
  requireDataDir(dataDir);
  try {
    return lockDataDir(dataDir, user);
  } catch (error) {
    throw dataDirError(dataDir, error);
  }
}

async function startServer(
  { dataDir, regions, workers, mayMake }: Plan,
  lock: DataDirLock,
): Promise<Databases> {
  try {
    const missing = regions.filter((region) => !hasEmbeddedDatabase(dataDir, region));
    if (!mayMake && missing.length > 0) throw notMade(dataDir, missing);
    const settings = { max_connections: String(connectionsFor(workers, regions.length)) };
    const server = await startEmbeddedPostgres({ dataDir, regions, settings, isKept: true });
    return {
      urlOf: (region) => server.urlOf(region),
      close: async () => {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether a start has made the embedded server and the region's database in it. */
export function hasEmbeddedDatabase(dataDir: string, region: Region): boolean {
  return hasCluster(dataDir) && readDetails(dataDir)?.regionPasswords[region] !== undefined;
}

function notMade(dataDir: string, regions: readonly Region[]): ConfigError {
  return new ConfigError(
    regions.map((region) => ({
      variable: `GATEWAY_DATABASE_URL_${region.toUpperCase()}`,
      message: `not set, and the data dir ${dataDir} has no database of ${region}, which only a gateway makes: give this command the environment of the gateway, or start one first`,
    })),
  );
}

/** During a rolling restart there is one worker more. */
function connectionsFor(workers: number, regions: number): number {
  return CONNECTIONS_LEAST + (workers - 1) * regions * CONNECTIONS_OF_A_CELL;
}

/** The databases of the server that a gateway has started. Null when that server is not ready yet, or has stopped. */
async function useGatewaysServer(
  dataDir: string,
  regions: readonly Region[],
): Promise<Databases | null> {
  const details = readDetails(dataDir);
  if (details === null) return null;
  const made = Object.keys(details.regionPasswords);
  const missing = regions.filter((region) => !made.includes(region));
  for (const region of missing.length === 0 ? regions : made) {
    if (!(await answers(regionUrl(details, region)))) return null;
  }
  // Known only now: a gateway that starts adds the regions that are new to it.
  if (missing.length > 0) throw notMade(dataDir, missing);
  return { urlOf: (region) => regionUrl(details, region), close: async () => {} };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PROBE_TIMEOUT });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // On a first start the role or the database may not exist yet: no connection failure, but temporary as well.
    if (isConnectionFailure(error) || 'severity' in (error as Error)) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

function throwWhenWaitedTooLong(
  { holder }: DataDirInUse,
  user: DataDirUser,
  { dataDir, waited }: { readonly dataDir: string; readonly waited: number },
): void {
  if (user === 'gateway' && holder?.user === 'gateway' && waited > WAIT_FOR_GATEWAY) {
    throw refuseDataDir(
      `another gateway (process ${holder.processId}) runs on the data dir ${dataDir}; ` +
        'stop it, or give this one a folder of its own',
    );
  }
  if (waited > WAIT_FOR_LOCK) {
    const who =
      holder === null ? 'another process' : `a ${holder.user} (process ${holder.processId})`;
    throw refuseDataDir(
      `${dataDir} has been in use by ${who} for ${WAIT_FOR_LOCK / SECOND} seconds`,
    );
  }
}
