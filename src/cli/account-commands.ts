import { Option, type Command } from 'commander';
import { ACCOUNT_PLANS, type AccountPlan } from '../accounts/plans.js';
import { DAY_SECONDS } from '../shared/durations.js';
import {
  accountDetailsOutput,
  accountListOutput,
  accountOutput,
  tokenOutput,
  type Output,
} from './account-output.js';
import {
  withCommonOptions,
  wholeNumberUpTo,
  type CommandContext,
  type CommonOptions,
} from './command-context.js';
import { withRegion, type RegionSession } from './region-session.js';

interface AccountOptions extends CommonOptions {
  readonly email: string;
}

/** The work of one command in its region. */
type Work<Options> = (session: RegionSession, options: Options) => Promise<Output>;

const OVERLAP_SECONDS_MAX = 90 * DAY_SECONDS;

export function addAccountCommands(program: Command, context: CommandContext): void {
  const run =
    <Options extends CommonOptions>(work: Work<Options>) =>
    async (options: Options): Promise<void> => {
      const output = await withRegion(context.environment, options.region, (session) =>
        work(session, options),
      );
      context.print(options.json ? JSON.stringify(output.json) : output.text);
    };

  const account = program
    .command('account')
    .description("one region's accounts and their API tokens");
  const plan = new Option('--plan <plan>', 'the plan of the account').choices(ACCOUNT_PLANS);

  onAccount(account, 'create', 'create an account and print its API token')
    .addOption(plan.default('basic'))
    .action(run<AccountOptions & { plan: AccountPlan }>(create));
  withCommonOptions(account.command('list').description('all accounts')).action(run(list));
  onAccount(account, 'show', 'one account and its valid tokens').action(run(show));
  onAccount(account, 'plan', 'change the plan')
    .addOption(
      new Option('--plan <plan>', 'the new plan').choices(ACCOUNT_PLANS).makeOptionMandatory(),
    )
    .action(run<AccountOptions & { plan: AccountPlan }>(changePlan));
  onAccount(account, 'suspend', 'refuse its tokens').action(run(suspend));
  onAccount(account, 'resume', 'accept its tokens again').action(run(resume));
  onAccount(account, 'remove', 'burn its unread secrets and delete it').action(run(remove));

  onAccount(account.command('token').description('API tokens'), 'rotate', 'print a new token')
    .option(
      '--overlap <seconds>',
      'how long older tokens stay valid',
      wholeNumberUpTo(OVERLAP_SECONDS_MAX),
      0,
    )
    .action(run<AccountOptions & { overlap: number }>(rotateToken));
}

/** A command on the one account that `--email` names. */
function onAccount(parent: Command, name: string, description: string): Command {
  return withCommonOptions(
    parent
      .command(name)
      .description(description)
      .requiredOption('--email <address>', "the account's e-mail address, in any letter case"),
  );
}

const create: Work<AccountOptions & { plan: AccountPlan }> = async (session, { email, plan }) =>
  tokenOutput(await session.accounts.create(email, plan), session.region);

const list: Work<CommonOptions> = async ({ accounts, region }) =>
  accountListOutput(await accounts.list(), region);

const show: Work<AccountOptions> = async ({ accounts, region }, { email }) =>
  accountDetailsOutput(await accounts.get(email), region);

const changePlan: Work<AccountOptions & { plan: AccountPlan }> = async (session, { email, plan }) =>
  accountOutput(await session.accounts.changePlan(email, plan), session.region);

const suspend: Work<AccountOptions> = async ({ accounts, region }, { email }) =>
  accountOutput(await accounts.suspend(email), region);

const resume: Work<AccountOptions> = async ({ accounts, region }, { email }) =>
  accountOutput(await accounts.resume(email), region);

const rotateToken: Work<AccountOptions & { overlap: number }> = async (session, options) =>
  tokenOutput(await session.accounts.rotateToken(options.email, options.overlap), session.region);

/** Suspends first, so no secret is added during the burn. An interrupted command can be run again. */
const remove: Work<AccountOptions> = async ({ accounts, receipts, region }, { email }) => {
  const account = await accounts.suspend(email);
  await receipts.burnAllOf(account.id);
  await accounts.remove(email);
  return {
    text: `Removed ${account.email} from ${region} and burned its unread secrets.`,
    json: { email: account.email, region, removed: true },
  };
};
