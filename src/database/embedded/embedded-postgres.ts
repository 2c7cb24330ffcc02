import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { embeddedBinaries, type PostgresBinaries } from './binaries.js';
import { ensureCluster, homeIn, makeHome, SUPERUSER } from './cluster.js';
import {
  connectionUrl,
  readDetails,
  writeDetails,
  type ConnectionDetails,
} from './connection-details.js';
import { databaseUser } from './database-user.js';
import { Launcher } from './launcher.js';
import { KeptServer } from './kept-server.js';
import { startPostmaster, stopOrphan } from './postmaster.js';
import { ensureRegionDatabases } from './region-databases.js';
import { makeSocketFolder, removeSocketFolder } from './socket-folder.js';

export interface EmbeddedPostgresOptions {
  /** Absolute. The caller holds the lock of lockDataDir(). */
  readonly dataDir: string;
  readonly regions: readonly string[];
  /** More settings of postgresql.conf. Tests switch fsync off. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Starts the server again when it ends by itself. Default: false, for tests that end it. */
  readonly isKept?: boolean;
  /** Default: the programs of the npm package for this platform. */
  readonly binaries?: PostgresBinaries;
}

/** A PostgreSQL on a unix socket, with one database and one login role for each region. */
export interface EmbeddedPostgres {
  readonly processId: number;
  /** The superuser's URL, for tests only. */
  readonly adminUrl: string;
  urlOf(region: string): string;
  stop(): Promise<void>;
}

const SETTINGS = {
  unix_socket_permissions: '0700',
  max_connections: '100',
  // Keeps statements and values out of the server's log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** Starts the server of a data dir; makes the cluster on the first call. Stops a server that a killed process left running. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const binaries = options.binaries ?? (await embeddedBinaries());
  const home = homeIn(options.dataDir);
  const user = databaseUser();
  makeHome(home, user);

  const previous = readDetails(options.dataDir);
  if (previous !== null) {
    await stopOrphan(join(home, 'cluster'));
    removeSocketFolder(previous.socketFolder);
  }
  const details = withPasswords(previous, options.regions, makeSocketFolder(home, user));
  // Before initdb: without its password a cluster cannot be used.
  writeDetails(options.dataDir, details);

  const launcher = new Launcher(user, binaries.postgres, [binaries.initdb, home]);
  const seed = { home, user, superuserPassword: details.superuserPassword };
  const cluster = await ensureCluster(seed, binaries, launcher);
  const plan = { ...planOf(options, details), program: binaries.postgres, cluster };
  const { isKept = false } = options;
  const server = await KeptServer.start(
    (stopping) => startPostmaster(launcher, plan, stopping),
    isKept,
  );
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    // Once: afterwards the next server may use the folder.
    stopped ??= server.stop().then(() => removeSocketFolder(details.socketFolder));
    return stopped;
  };

  const adminUrl = connectionUrl(details, SUPERUSER, details.superuserPassword);
  try {
    await ensureRegionDatabases(
      adminUrl,
      options.regions.map((region) => ({
        name: databaseName(region),
        password: passwordOf(details, region),
      })),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get processId() {
      return server.processId;
    },
    adminUrl,
    urlOf: (region) => regionUrl(details, region),
    stop,
  };
}

function planOf(options: EmbeddedPostgresOptions, details: ConnectionDetails) {
  const { dataDir, isKept = false, settings } = options;
  return {
    socketFolder: details.socketFolder,
    logFile: join(dataDir, 'postgres.log'),
    // PostgreSQL 18 that starts its processes again itself, and fails on a full disk, may run on for ever without serving.
    settings: { ...SETTINGS, restart_after_crash: isKept ? 'off' : 'on', ...settings },
  };
}

/** The URL that a region's cell connects with. */
export function regionUrl(details: ConnectionDetails, region: string): string {
  return connectionUrl(details, databaseName(region), passwordOf(details, region));
}

function databaseName(region: string): string {
  return `onetime_${region}`;
}

function passwordOf(details: ConnectionDetails, region: string): string {
  const password = details.regionPasswords[region];
  if (password === undefined)
    throw new Error(`the embedded PostgreSQL has no database for the region ${region}`);
  return password;
}

function withPasswords(
  previous: ConnectionDetails | null,
  regions: readonly string[],
  socketFolder: string,
): ConnectionDetails {
  const fresh = Object.fromEntries(regions.map((region) => [region, newPassword()]));
  return {
    socketFolder,
    superuserPassword: previous?.superuserPassword ?? newPassword(),
    regionPasswords: { ...fresh, ...previous?.regionPasswords },
  };
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
