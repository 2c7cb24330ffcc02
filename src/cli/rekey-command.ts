import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { existingRootKeys } from '../config/data-dir-keys.js';
import { readConfig } from '../config/config.js';
import type { RegionConfig } from '../config/region-config.js';
import type { RootKeys } from '../config/root-key.js';
import { missingMigrations } from '../database/migrate.js';
import { findOldVersions, type OldVersion } from '../region/rekey/old-versions.js';
import { Rekey, type RekeyedKind } from '../region/rekey/rekey.js';
import { refreshRefusals } from '../region/rekey/refresh-refusals.js';
import { compareRootKeys } from '../region/root-key-check.js';
import { AppError } from '../shared/app-error.js';
import type { Output } from './account-output.js';
import {
  CommandFailed,
  withCommonOptions,
  type CommandContext,
  type CommonOptions,
} from './command-context.js';
import { chooseRegion, requireUsable, withDatabases } from './region-session.js';

/** `gateway rekey`: seals anew what is sealed under an older root key, while gateways run. */
export function addRekeyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('rekey')
    .description(
      'seal anew, under the current root key, what is sealed under an older one; may be interrupted and repeated while gateways run',
    );
  withCommonOptions(command).action(async (options: CommonOptions) => {
    const config = readConfig(context.environment);
    const own = chooseRegion(config, options.region);
    const rootKeys = existingRootKeys(config, own.region);
    if (rootKeys === null)
      throw new AppError('invalid_request', `${own.region} has no root key yet: start a gateway.`);
    const [result] = await withDatabases(config, [own], async (_region, database) => {
      await requireUsable(config, own, database);
      await requireMigrated(own, database);
      return rekey(own, rootKeys, database);
    });
    if (result === undefined) return;
    context.print(options.json ? JSON.stringify(result.output.json) : result.output.text);
    if (result.hasFailed) throw new CommandFailed('records do not open');
  });
}

async function rekey(own: RegionConfig, rootKeys: RootKeys, database: DataSource) {
  const config = { region: own.region, rootKeys };
  await refuseUnlessKnown(own, rootKeys, database);
  const kinds = await new Rekey(config, database).run();
  await refreshRefusals(config, database);
  const current = rootKeys[0].version;
  const old = await findOldVersions(database, current);
  const hasFailed = kinds.some(({ unopened }) => unopened > 0);
  return { hasFailed, output: outputOf(own, current, kinds, old) };
}

/** The statements are of this version's tables. */
async function requireMigrated({ region }: RegionConfig, database: DataSource): Promise<void> {
  const missing = await missingMigrations(database);
  if (missing.length === 0) return;
  const message = `The database of ${region} lacks migrations of this version, the first is ${missing[0]}: run gateway migrate first.`;
  throw new AppError('invalid_request', message);
}

/** A gateway that does not have the key could not read what is sealed under it. */
async function refuseUnlessKnown(
  { region }: RegionConfig,
  rootKeys: RootKeys,
  database: DataSource,
): Promise<void> {
  const { unknown } = await compareRootKeys({ region, rootKeys }, database);
  const { version } = rootKeys[0];
  if (unknown.includes(version)) {
    const message = `No gateway has started with version ${version}: give it to every gateway first, behind the current one.`;
    throw new AppError('invalid_request', message);
  }
}

function outputOf(
  { region }: RegionConfig,
  current: number,
  kinds: readonly RekeyedKind[],
  old: readonly OldVersion[],
): Output {
  const resealed = kinds.map((kind) => {
    const rest = [
      ...(kind.unopened > 0 ? [`${kind.unopened} do not open`] : []),
      ...(kind.left > 0 ? [`${kind.left} changed meanwhile`] : []),
    ];
    return [`${kind.kind}: ${kind.resealed} sealed anew`, ...rest].join(', ');
  });
  const lines = [
    `Region ${region}, root key version ${current}`,
    ...resealed,
    ...(old.length === 0 ? ['No other version is in use.'] : old.map(oldText)),
  ];
  return {
    text: lines.join('\n'),
    json: { region, version: current, records: kinds, old_versions: old.map(oldJson) },
  };
}

function oldText(old: OldVersion): string {
  const { version, records } = old;
  if (records.length > 0) {
    const left = records.map(({ kind, count }) => `${count} ${kind}`).join(', ');
    return `Version ${version} is needed by ${left}: put version ${version} behind the current one on every gateway, and run this again.`;
  }
  const until = neededUntil(old);
  return until === null
    ? `Version ${version} is not needed any more: remove it from the configuration.`
    : `Version ${version} can be removed after ${until.toISOString()}, when its last secret and receipt have expired.`;
}

function oldJson(old: OldVersion) {
  const until = neededUntil(old);
  return {
    version: old.version,
    records: old.records,
    secrets_until: old.secretsUntil?.toISOString() ?? null,
    receipts_until: old.receiptsUntil?.toISOString() ?? null,
    removable: old.records.length === 0 && until === null,
  };
}

function neededUntil({ secretsUntil, receiptsUntil }: OldVersion): Date | null {
  const last = Math.max(secretsUntil?.getTime() ?? 0, receiptsUntil?.getTime() ?? 0);
  return last === 0 ? null : new Date(last);
}
