import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import type { AccountRecord } from '../accounts/account-details.js';
import { accountIdIn, externalIdOf } from '../accounts/external-id.js';
import { ConfigError } from '../config/config-error.js';
import { readConfig } from '../config/config.js';
import { destroyGeneratedKey } from '../config/data-dir-keys.js';
import { connectDatabase, urlOf } from '../database/connect.js';
import { AdminAuditService } from '../operators/admin-audit.service.js';
import { shredAccount } from '../region/shred/shred-account.js';
import {
  claimOfName,
  claimsOfAccount,
  shredDomain,
  type DomainShredding,
} from '../region/shred/shred-domain.js';
import { shredRegion, shredSecrets } from '../region/shred/shred-region.js';
import {
  CommandFailed,
  withCommonOptions,
  type CommandContext,
  type CommonOptions,
} from './command-context.js';
import { chooseRegion, withDatabaseUrl, withRegion, type RegionSession } from './region-session.js';

const MODES = ['account', 'domain', 'secrets', 'everything'] as const;

interface ShredOptions extends CommonOptions {
  readonly account?: string;
  readonly domain?: string;
  readonly secrets?: true;
  readonly everything?: true;
  readonly yes?: true;
}

/** What is destroyed, in words and for the audit trail, and how. */
interface Plan {
  /** An id or a name: what is destroyed must not stay in the trail. */
  readonly target: string;
  readonly destroys: string;
  run(): Promise<void>;
  /** What only the operator can do. */
  readonly advice: string | null;
}

/** `gateway shred`: makes what is sealed for a tenant or a region unreadable. */
export function addShredCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('shred')
    .description(
      'destroy what is sealed for an account, a domain or a region; nothing brings it back',
    )
    .option(
      '--account <id>',
      'the account, by its id or address: it is removed with all that it has',
    )
    .option('--domain <name>', 'the host name, or the id of a claim: it is released')
    .option('--secrets', 'every secret of --region, after it was restored from a physical copy')
    .option('--everything', 'all of --region, whose gateways are stopped')
    .option('--yes', 'do it; without this, only say what would be destroyed');
  withCommonOptions(command).action(async (options: ShredOptions) => {
    refuseUnlessOne(options);
    const isTenant = options.account !== undefined || options.domain !== undefined;
    const { plan, region } = isTenant
      ? await shredTenant(context, options)
      : await shredWholeRegion(context, options);
    const { target, destroys, advice } = plan;
    const isDone = options.yes === true;
    const text = isDone
      ? [`Destroyed in ${region}: ${destroys}.`, ...(advice === null ? [] : [advice])]
      : [`Would destroy in ${region}: ${destroys}. Nothing was done: repeat it with --yes.`];
    const json = { region, target, destroys, destroyed: isDone, advice: isDone ? advice : null };
    context.print(options.json ? JSON.stringify(json) : text.join('\n'));
    if (!isDone) throw new CommandFailed('not confirmed');
  });
}

function refuseUnlessOne(options: ShredOptions): void {
  const given = MODES.filter((mode) => options[mode] !== undefined);
  const expected = `expected one of ${MODES.map((mode) => `--${mode}`).join(', ')}`;
  if (given.length !== 1) throw new ConfigError([{ variable: 'shred', message: expected }]);
  const isRegion = given[0] === 'secrets' || given[0] === 'everything';
  if (isRegion && options.region === undefined)
    throw new ConfigError([{ variable: '--region', message: 'required for a whole region' }]);
}

function shredTenant({ environment }: CommandContext, options: ShredOptions) {
  return withRegion(environment, options.region, async (session) => {
    const plan =
      options.account === undefined
        ? await domainPlan(session, options.domain ?? '')
        : await accountPlan(session, options.account);
    if (options.yes === true) await audited(session.database, plan);
    return { plan, region: session.region };
  });
}

async function accountPlan(session: RegionSession, name: string): Promise<Plan> {
  const account = await accountOf(session, name);
  const claims = await claimsOfAccount(session.database, account.id);
  const held = claims.filter(({ isHolder }) => isHolder).map(({ hostname }) => hostname);
  const names = held.length === 0 ? 'no domains' : [...new Set(held)].join(', ');
  return {
    target: externalIdOf(account.id),
    destroys: `the account ${account.email} with its unread secrets, webhooks and ways to sign in, and ${names} with the keys of the certificates`,
    run: () => shredAccount({ ...shreddingIn(session), removal: session.removal }, account),
    advice:
      'A gateway of the region deletes the account itself in a minute, with what requests in work have added. Backups have the account, without secrets, and certificates sealed: delete those that you need not keep.',
  };
}

function accountOf({ accounts }: RegionSession, name: string): Promise<AccountRecord> {
  const id = accountIdIn(name);
  return id === null ? accounts.get(name) : accounts.getById(id);
}

async function domainPlan(session: RegionSession, name: string): Promise<Plan> {
  const claim = await claimOfName(session, name);
  const { hostname, isHolder, isRemoved } = claim;
  const what = isRemoved
    ? `what the released claim to ${hostname} left`
    : `the claim to ${hostname}`;
  return {
    target: hostname,
    destroys: isHolder
      ? `${what}, with the keys of its certificates, its images, and every unread secret whose link has that name; the same of the second name of its pair`
      : `${what} and its images, but no secret or certificate, since its account does not hold the name`,
    run: () => shredDomain(shreddingIn(session), claim),
    advice: null,
  };
}

function shreddingIn({ database, domains }: RegionSession): DomainShredding {
  return { url: urlOf(database), database, domains };
}

async function shredWholeRegion({ environment }: CommandContext, options: ShredOptions) {
  const config = readConfig(environment);
  const own = chooseRegion(config, options.region);
  const { region } = own;
  const isGenerated = own.rootKeys === null;
  return withDatabaseUrl(config, own, async (url) => {
    const plan: Plan = options.everything
      ? {
          target: `region ${region}`,
          destroys:
            'secrets, receipts, keys of certificates and ACME accounts, webhooks, second factors, mails, and the check values of the root keys',
          run: async () => {
            await shredRegion(url);
            if (isGenerated) destroyGeneratedKey(config, region);
          },
          advice: keyAdvice(region, isGenerated),
        }
      : {
          target: `secrets of ${region}`,
          destroys: 'every secret that was not opened',
          run: () => shredSecrets(url),
          advice: null,
        };
    if (options.yes === true) await auditedAlone(url, plan);
    return { plan, region };
  });
}

function keyAdvice(region: string, isGenerated: boolean): string {
  const variable = `GATEWAY_ROOT_KEY_${region.toUpperCase()}`;
  const place = isGenerated
    ? 'The root key in the data dir was deleted; delete copies of that file too.'
    : `Now destroy every version of ${variable} in every configuration and secret store, with their backups.`;
  return `${place} Without it all that old backups, archived WAL and standbys hold of this region is unreadable.`;
}

/** Writes to the trail before and after: none happens unseen. */
async function audited(database: DataSource, plan: Plan): Promise<void> {
  const audit = new AdminAuditService(database);
  const id = await audit.begin(entryOf(plan));
  await plan.run();
  await audit.end(id, 200);
}

/** The same, connected only while it writes: the plan may ask that nobody is. */
async function auditedAlone(url: string, plan: Plan): Promise<void> {
  const write = async <Result>(work: (audit: AdminAuditService) => Promise<Result>) => {
    const database = await connectDatabase(url);
    try {
      return await work(new AdminAuditService(database));
    } finally {
      await database.destroy();
    }
  };
  const id = await write((audit) => audit.begin(entryOf(plan)));
  await plan.run();
  await write((audit) => audit.end(id, 200));
}

function entryOf({ target }: Plan) {
  const who = 'command line';
  return {
    keyId: who,
    keyName: who,
    operation: 'shred',
    target,
    network: 'local',
    requestId: randomUUID(),
  };
}
