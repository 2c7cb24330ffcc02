import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { ConfigError } from '../../config/config-error.js';
import { readConfig, type Config } from '../../config/config.js';
import type { RegionConfig } from '../../config/region-config.js';
import { hasCluster } from '../../database/embedded/cluster.js';
import {
  CommandFailed,
  withCommonOptions,
  type CommandContext,
  type CommonOptions,
} from '../command-context.js';
import { chooseRegions, withDatabases } from '../region-session.js';
import { caChecks } from './ca-checks.js';
import { checkCertificates } from './certificate-checks.js';
import { checkDatabaseClock } from './clock-check.js';
import { checkDurability, checkMigrations, checkServer } from './database-checks.js';
import { checkDatabaseSize, checkDataDir } from './disk-checks.js';
import { checkCaa, checkZone } from './dns-checks.js';
import type { DoctoredRegion } from './doctored-region.js';
import {
  bad,
  good,
  note,
  reasonOf,
  runChecks,
  type Check,
  type Finding,
  type Line,
} from './finding.js';
import { checkRootKeys } from './key-check.js';
import { linesText } from './lines-text.js';
import { checkMailQueue, checkMailServer } from './mail-checks.js';
import { checkNameserver } from './nameserver-checks.js';
import { checkPorts } from './port-checks.js';

const UNDEFINED_TABLE = '42P01';

/** `gateway doctor`: what is wrong around this gateway, and what to do about it. Changes nothing. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('doctor')
    .description(
      'check configuration, databases, keys, clocks, DNS, ports, CAs, certificates, disk and mail; code 1 if something is bad',
    );
  withCommonOptions(command).action(async (options: CommonOptions) => {
    const lines = await examine(context.environment, options.region);
    context.print(options.json ? JSON.stringify(lines) : linesText(lines));
    if (lines.some(({ verdict }) => verdict === 'bad')) throw new CommandFailed('a check is bad');
  });
}

async function examine(
  environment: CommandContext['environment'],
  name: string | undefined,
): Promise<Line[]> {
  let config: Config;
  try {
    config = readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ variable, message }) => ({
      region: null,
      check: 'configuration',
      ...bad(`${variable}: ${message}`, 'correct the environment; README.md has all variables'),
    }));
  }
  const regions = chooseRegions(config, name);
  const served = config.served.map(({ region }) => region).join(', ');
  const ofProcess: Check[] = [
    check('configuration', () => good(`valid; serves ${served}`)),
    ...caChecks(config.cas),
    { name: 'disk', region: null, run: () => checkDataDir(config) },
  ];
  const common = runChecks(ofProcess);
  const lines: Line[] = [];
  // One after the other: two embedded databases are one server.
  for (const own of regions) lines.push(...(await examineRegion(config, own)));
  return [...(await common), ...lines];
}

async function examineRegion(config: Config, own: RegionConfig): Promise<Line[]> {
  const { region } = own;
  const alone: Check[] = [
    { name: 'mail', region, run: () => checkMailServer(config, own) },
    { name: 'DNS', region, run: (signal) => checkZone({ config, own }, signal) },
    { name: 'name server', region, run: (signal) => checkNameserver({ config, own }, signal) },
    { name: 'ports', region, run: (signal) => checkPorts({ config, own }, signal) },
  ];
  const [outside, inside] = await Promise.all([
    runChecks(alone),
    examineDatabase(config, own).catch((error: unknown) => [unreachable(own, error)]),
  ]);
  return [...inside, ...outside];
}

async function examineDatabase(config: Config, own: RegionConfig): Promise<Line[]> {
  const { region, databaseUrl } = own;
  // To open it would make it.
  if (databaseUrl === null && !hasCluster(config.dataDir)) {
    const finding = note('the embedded database does not exist yet', 'the first start makes it');
    return [{ region, check: 'database', ...finding }];
  }
  const lines = await withDatabases(config, [own], (_region, database) =>
    runChecks(databaseChecks({ config, own, database })),
  );
  return lines.flat();
}

function databaseChecks(region: DoctoredRegion): Check[] {
  const { own, database } = region;
  const on = (name: string, run: (database: DataSource) => Promise<readonly Finding[]>): Check => ({
    name,
    region: own.region,
    run: () => run(database).catch(withoutTable),
  });
  return [
    on('database', checkServer),
    on('migrations', checkMigrations),
    on('durability', checkDurability),
    on('root keys', () => checkRootKeys(region)),
    on('clock', checkDatabaseClock),
    { name: 'CAA', region: own.region, run: (signal) => checkCaa(region, signal) },
    on('certificates', checkCertificates),
    on('mail queue', checkMailQueue),
    on('disk', () => checkDatabaseSize(database, own.databaseUrl === null)),
  ];
}

/** The check of the migrations says more. */
function withoutTable(error: unknown): Finding[] {
  if ((error as { readonly code?: unknown }).code !== UNDEFINED_TABLE) throw error;
  return [note('not looked at: its table does not exist', 'run gateway migrate')];
}

function unreachable({ region, databaseUrl }: RegionConfig, error: unknown): Line {
  const { cause } = error as { readonly cause?: unknown };
  const variable = `GATEWAY_DATABASE_URL_${region.toUpperCase()}`;
  const action =
    databaseUrl === null ? 'see postgres.log in the data dir' : `start it, or correct ${variable}`;
  const found = `cannot be used, so nothing in it was looked at: ${reasonOf(cause ?? error)}`;
  return { region, check: 'database', ...bad(found, action) };
}

function check(name: string, finding: () => Finding): Check {
  return { name, region: null, run: () => Promise.resolve([finding()]) };
}
