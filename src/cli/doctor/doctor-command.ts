import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { requireBrandFile } from '../../brand/host-brand.js';
import { requireTlsAsPromised } from '../../certificates/contexts/tls-self-test.js';
import { ConfigError } from '../../config/config-error.js';
import { readConfig, type Config } from '../../config/config.js';
import type { RegionConfig } from '../../config/region-config.js';
import { hasEmbeddedDatabase } from '../../database/embedded/open-databases.js';
import { writeFailureOf } from '../../database/write-failure.js';
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
import { checkDurability, checkMigrations, checkOwner, checkServer } from './database-checks.js';
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
import { checkServingLogin, notServed } from './serving-checks.js';

const UNDEFINED_TABLE = '42P01';
const ASK_DNS = 'let this host reach its name servers, or correct GATEWAY_DNS_SERVERS';
const LOOK_AT_NODE = 'use the Node of package-lock.json, without OPENSSL_CONF and NODE_OPTIONS';
const LOOK_AT_DATABASE = "see the database's log, and whether the login has its privileges";

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
    await requireBrandFile(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const action = 'correct the environment; README.md has all variables';
    return refusals(error, action).map((each) => ({
      region: null,
      check: 'configuration',
      ...each,
    }));
  }
  const regions = chooseRegions(config, name);
  const served = config.served.map(({ region }) => region).join(', ');
  const ofProcess: Check[] = [
    {
      name: 'configuration',
      region: null,
      run: () => Promise.resolve([good(`valid; serves ${served}`)]),
      ifItFails: 'correct the environment',
    },
    { name: 'TLS', region: null, run: checkTls, ifItFails: LOOK_AT_NODE },
    ...(config.role === 'serve' ? [] : caChecks(config.cas)),
    {
      name: 'disk',
      region: null,
      run: () => checkDataDir(config),
      ifItFails: 'run this as the user of the gateway, or correct GATEWAY_DATA_DIR',
    },
  ];
  const common = runChecks(ofProcess);
  const lines: Line[] = [];
  // One after the other: two embedded databases are one server.
  for (const own of regions) lines.push(...(await examineRegion(config, own)));
  return [...(await common), ...lines];
}

/** The start refuses a Node that breaks a promise. */
async function checkTls(): Promise<Finding[]> {
  try {
    await requireTlsAsPromised();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refusals(error, LOOK_AT_NODE);
  }
  return [good('versions, suites, groups and tickets are as promised')];
}

function refusals({ problems }: ConfigError, action: string): Finding[] {
  return problems.map(({ variable, message }) => bad(`${variable}: ${message}`, action));
}

async function examineRegion(config: Config, own: RegionConfig): Promise<Line[]> {
  const { region } = own;
  const byDns = { region, ifItFails: ASK_DNS };
  const ofRole: Check =
    config.role === 'serve'
      ? { name: 'role', region, run: notServed, ifItFails: LOOK_AT_DATABASE }
      : {
          name: 'mail',
          region,
          run: () => checkMailServer(config, own),
          ifItFails: 'let this host reach the mail server, or correct GATEWAY_SMTP_URL',
        };
  const alone: Check[] = [
    ofRole,
    { ...byDns, name: 'DNS', run: (signal) => checkZone({ config, own }, signal) },
    { ...byDns, name: 'name server', run: (signal) => checkNameserver({ config, own }, signal) },
    { ...byDns, name: 'ports', run: (signal) => checkPorts({ config, own }, signal) },
  ];
  const [outside, inside] = await Promise.all([
    runChecks(alone),
    examineDatabase(config, own).catch((error: unknown) => [unreachable(own, error)]),
  ]);
  return [...inside, ...outside];
}

async function examineDatabase(config: Config, own: RegionConfig): Promise<Line[]> {
  const { region, databaseUrl } = own;
  if (databaseUrl === null && !hasEmbeddedDatabase(config.dataDir, region)) {
    const finding = note(
      `the data dir ${config.dataDir} has no embedded database of ${region} yet`,
      `the first start makes it; if a gateway runs, give this command its environment, with GATEWAY_DATABASE_URL_${region.toUpperCase()} or GATEWAY_DATA_DIR`,
    );
    return [{ region, check: 'database', ...finding }];
  }
  const lines = await withDatabases(config, [own], (_region, database) =>
    runChecks(databaseChecks({ config, own, database })),
  );
  return lines.flat();
}

function databaseChecks(region: DoctoredRegion): Check[] {
  const { config, own, database } = region;
  const on = (name: string, run: (database: DataSource) => Promise<readonly Finding[]>): Check => ({
    name,
    region: own.region,
    run: () => run(database).catch(withoutTable),
    ifItFails: LOOK_AT_DATABASE,
  });
  const caa: Check = {
    name: 'CAA',
    region: own.region,
    run: (signal) => checkCaa(region, signal),
    ifItFails: ASK_DNS,
  };
  const ofServing = [on('privileges', checkServingLogin)];
  const ofWorking = [
    on('privileges', checkOwner),
    caa,
    on('certificates', checkCertificates),
    on('mail queue', checkMailQueue),
  ];
  return [
    on('database', checkServer),
    on('migrations', checkMigrations),
    on('durability', checkDurability),
    on('root keys', () => checkRootKeys(region)),
    on('clock', checkDatabaseClock),
    ...(config.role === 'serve' ? ofServing : ofWorking),
    on('disk', () => checkDatabaseSize(database, own.databaseUrl === null)),
  ];
}

/** The check of the migrations says more. */
function withoutTable(error: unknown): Finding[] {
  if ((error as { readonly code?: unknown }).code !== UNDEFINED_TABLE) throw error;
  return [
    note(
      'not looked at: its table does not exist',
      'run gateway migrate with the login of the owner',
    ),
  ];
}

function unreachable({ region, databaseUrl }: RegionConfig, error: unknown): Line {
  const { cause } = error as { readonly cause?: unknown };
  const action =
    writeFailureOf(error) === 'out of connections'
      ? 'raise max_connections or the limit of its role, or end sessions that nobody needs'
      : databaseUrl === null
        ? 'see postgres.log in the data dir'
        : `start it, or correct GATEWAY_DATABASE_URL_${region.toUpperCase()}`;
  const found = `cannot be used, so nothing in it was looked at: ${reasonOf(cause ?? error)}`;
  return { region, check: 'database', ...bad(found, action) };
}
