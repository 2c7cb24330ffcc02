import { InvalidArgumentError, type Command } from 'commander';
import { presentAdminKey, presentAuditEntry } from '../admin/audit/audit-schemas.js';
import { ADMIN_SCOPES, type AdminScope } from '../operators/admin-key.js';
import { DAY_SECONDS } from '../shared/durations.js';
import type { Output } from './account-output.js';
import {
  withCommonOptions,
  wholeNumberUpTo,
  type CommandContext,
  type CommonOptions,
} from './command-context.js';
import { actionOf, type Work } from './run-command.js';
import { formatFields, formatTable } from './text-layout.js';

const DAYS = 90;
const DAYS_MAX = 730;
const AUDIT_LIMIT_MAX = 1000;

interface KeyOptions extends CommonOptions {
  readonly name: string;
}

/** `admin-key create | list | revoke` and `admin-audit`: who may use the operator's API, and who did. */
export function addAdminCommands(program: Command, context: CommandContext): void {
  const keys = program.command('admin-key').description("one region's keys of the operator's API");
  onKey(keys, 'create', 'make a key and print it')
    .option('--scope <scopes>', `${ADMIN_SCOPES.join(', ')}, with commas between them`, scopes, [
      'read',
    ])
    .option('--days <days>', 'how long it is valid', wholeNumberUpTo(DAYS_MAX), DAYS)
    .action(actionOf(context, create));
  withCommonOptions(keys.command('list').description('all keys')).action(actionOf(context, list));
  onKey(keys, 'revoke', 'refuse the key from the next request on').action(
    actionOf(context, revoke),
  );

  withCommonOptions(
    program
      .command('admin-audit')
      .description("each use of the operator's API, the newest first")
      .option('--limit <entries>', 'how many entries', wholeNumberUpTo(AUDIT_LIMIT_MAX), 50)
      .option('--cursor <cursor>', 'the cursor of the page before'),
  ).action(actionOf(context, audit));
}

function onKey(parent: Command, name: string, description: string): Command {
  return withCommonOptions(
    parent.command(name).description(description).requiredOption('--name <name>', 'the key'),
  );
}

/** For commander. */
function scopes(text: string): AdminScope[] {
  const names = text.split(',').map((name) => name.trim());
  const known = ADMIN_SCOPES.filter((scope) => names.includes(scope));
  if (known.length > 0 && known.length === new Set(names).size) return known;
  throw new InvalidArgumentError(`Expected ${ADMIN_SCOPES.join(', ')}, or both.`);
}

type CreateOptions = KeyOptions & { readonly scope: AdminScope[]; readonly days: number };

const create: Work<CreateOptions> = async ({ adminKeys, region }, { name, scope, days }) => {
  const lifetimeSeconds = Math.max(1, days) * DAY_SECONDS;
  const { record, key } = await adminKeys.create({ name, scopes: scope, lifetimeSeconds });
  const shown = presentAdminKey(record);
  return {
    text: `${formatFields({ name, key, scopes: scope.join(','), expires: shown.expires_at, region })}\nThe key is not shown again: only its hash is stored.`,
    json: { ...shown, key, region },
  };
};

const list: Work<CommonOptions> = async ({ adminKeys, region }) => {
  const keys = (await adminKeys.list()).map(presentAdminKey);
  const rows = keys.map((key) => ({
    name: key.name,
    state: key.state,
    scopes: key.scopes.join(','),
    expires: key.expires_at,
    used: key.last_used_at ?? 'never',
  }));
  return {
    text: rows.length === 0 ? `No keys in ${region}.` : formatTable(rows),
    json: keys.map((key) => ({ ...key, region })),
  };
};

const revoke: Work<KeyOptions> = async ({ adminKeys, region }, { name }) => {
  await adminKeys.revoke(name);
  return { text: `Revoked ${name} in ${region}.`, json: { name, region, revoked: true } };
};

type AuditOptions = CommonOptions & { readonly limit: number; readonly cursor?: string };

const audit: Work<AuditOptions> = async (session, { limit, cursor }): Promise<Output> => {
  const page = await session.adminAudit.list(Math.max(1, limit), cursor ?? null);
  const rows = page.entries.map((entry) => ({
    at: entry.at.toISOString(),
    key: entry.keyName,
    operation: entry.operation,
    target: entry.target ?? '-',
    status: entry.status === null ? '-' : String(entry.status),
    network: entry.network,
  }));
  const next = page.nextCursor === null ? '' : `\nMore: --cursor ${page.nextCursor}`;
  return {
    text: rows.length === 0 ? `No entries in ${session.region}.` : formatTable(rows) + next,
    json: { entries: page.entries.map(presentAuditEntry), next_cursor: page.nextCursor },
  };
};
