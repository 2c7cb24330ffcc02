import { Option, type Command } from 'commander';
import { COMMAND_LINE } from '../accounts/activity/activity.js';
import { ACCOUNT_PLANS, type AccountPlan } from '../accounts/plans.js';
import { LANGUAGES, type Language } from '../shared/language.js';
import {
  accountDetailsOutput,
  accountListOutput,
  accountOutput,
  tokenOutput,
} from './account-output.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { actionOf, onAccount, type AccountOptions, type Work } from './run-command.js';
import { addTokenCommands } from './token-commands.js';

const DEFAULT_LANGUAGE = 'default';

type CreateOptions = AccountOptions & { plan: AccountPlan; language?: Language };
type LanguageOptions = AccountOptions & { language: Language | typeof DEFAULT_LANGUAGE };

export function addAccountCommands(program: Command, context: CommandContext): void {
  const run = <Options extends CommonOptions>(work: Work<Options>) =>
    actionOf<Options>(context, work);

  const account = program
    .command('account')
    .description("one region's accounts and their API tokens");
  const plan = new Option('--plan <plan>', 'the plan of the account').choices(ACCOUNT_PLANS);

  const language = new Option('--language <language>', 'of mails to its address').choices(
    LANGUAGES,
  );

  onAccount(account, 'create', 'create an account and print its API token')
    .addOption(plan.default('basic'))
    .addOption(language)
    .action(run<CreateOptions>(create));
  withCommonOptions(account.command('list').description('all accounts')).action(run(list));
  onAccount(account, 'show', 'one account and its valid tokens').action(run(show));
  onAccount(account, 'plan', 'change the plan')
    .addOption(
      new Option('--plan <plan>', 'the new plan').choices(ACCOUNT_PLANS).makeOptionMandatory(),
    )
    .action(run<AccountOptions & { plan: AccountPlan }>(changePlan));
  onAccount(account, 'language', 'change the language of its mails')
    .addOption(
      new Option('--language <language>', 'the new language, or the default one')
        .choices([...LANGUAGES, DEFAULT_LANGUAGE])
        .makeOptionMandatory(),
    )
    .action(run<LanguageOptions>(changeLanguage));
  onAccount(account, 'suspend', 'refuse its tokens').action(run(suspend));
  onAccount(account, 'resume', 'accept its tokens again').action(run(resume));
  onAccount(account, 'remove', 'burn its unread secrets and delete it').action(run(remove));

  addTokenCommands(account, context);
}

const create: Work<CreateOptions> = async (session, { email, plan, language = null }) =>
  tokenOutput(await session.accounts.create(email, plan, COMMAND_LINE, language), session.region);

const list: Work<CommonOptions> = async ({ accounts, region }) =>
  accountListOutput(await accounts.list(), region);

const show: Work<AccountOptions> = async ({ accounts, region }, { email }) =>
  accountDetailsOutput(await accounts.get(email), region);

const changePlan: Work<AccountOptions & { plan: AccountPlan }> = async (session, { email, plan }) =>
  accountOutput(await session.accounts.changePlan(email, plan), session.region);

const changeLanguage: Work<LanguageOptions> = async (session, { email, language }) =>
  accountOutput(
    await session.accounts.changeLanguage(email, language === DEFAULT_LANGUAGE ? null : language),
    session.region,
  );

const suspend: Work<AccountOptions> = async ({ accounts, region }, { email }) =>
  accountOutput(await accounts.suspend(email), region);

const resume: Work<AccountOptions> = async ({ accounts, region }, { email }) =>
  accountOutput(await accounts.resume(email), region);

const remove: Work<AccountOptions> = async ({ removal, region }, options) => {
  const { email } = await removal.remove(options.email, COMMAND_LINE);
  return {
    text: `Removed ${email} from ${region} and burned its unread secrets. A gateway of the region deletes it in a minute, and then its address is free again.`,
    json: { email, region, removed: true },
  };
};
