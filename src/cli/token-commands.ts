import { InvalidArgumentError, type Command } from 'commander';
import { FIRST_TOKEN } from '../accounts/accounts.service.js';
import {
  parseTokenName,
  TOKEN_EXPIRY_SECONDS,
  TOKEN_NAME_RULE,
  TOKEN_OVERLAP_SECONDS_MAX,
} from '../accounts/tokens/token-rules.js';
import { TOKEN_SCOPES, type TokenScope } from '../accounts/tokens/token-scope.js';
import { OPERATOR, type NewTokenValue } from '../accounts/tokens/tokens.service.js';
import { newTokenOutput, tokenListOutput, tokenOutput, type Output } from './account-output.js';
import { wholeNumberUpTo, type CommandContext } from './command-context.js';
import { actionOf, onAccount, type AccountOptions, type Work } from './run-command.js';

interface TokenOptions extends AccountOptions {
  readonly name: string;
}

interface CreateOptions extends TokenOptions {
  readonly scopes: readonly TokenScope[];
  readonly expiresIn?: number;
}

interface RotateOptions extends TokenOptions {
  readonly overlap: number;
  readonly expiresIn?: number;
}

export function addTokenCommands(account: Command, context: CommandContext): void {
  const token = account.command('token').description('API tokens');
  const expiresIn = [
    '--expires-in <seconds>',
    'how long it is valid',
    wholeNumberUpTo(TOKEN_EXPIRY_SECONDS.max),
  ] as const;

  onAccount(token, 'list', 'the tokens of one account, without their values').action(
    actionOf<AccountOptions>(context, list),
  );
  onAccount(token, 'create', 'create a token and print it')
    .requiredOption('--name <name>', 'its name, which no other token of the account has', tokenName)
    .option('--scopes <scopes>', `some of ${TOKEN_SCOPES.join(',')}`, tokenScopes, [
      ...TOKEN_SCOPES,
    ])
    .option(...expiresIn)
    .action(actionOf<CreateOptions>(context, create));
  onAccount(token, 'rotate', 'give a token a new value and print it')
    .option('--name <name>', 'the name of the token', FIRST_TOKEN)
    .option(
      '--overlap <seconds>',
      'how long older values stay valid',
      wholeNumberUpTo(TOKEN_OVERLAP_SECONDS_MAX),
      0,
    )
    .option(...expiresIn)
    .action(actionOf<RotateOptions>(context, rotate));
  onAccount(token, 'revoke', 'refuse a token from now on')
    .requiredOption('--name <name>', 'the name of the token')
    .action(actionOf<TokenOptions>(context, revoke));
}

const list: Work<AccountOptions> = async ({ accounts, region }, { email }) => {
  const { tokens } = await accounts.get(email);
  return tokenListOutput(tokens, region);
};

const create: Work<CreateOptions> = async ({ accounts, tokens, region }, options) => {
  const account = await accounts.get(options.email);
  const { name, scopes, expiresIn = null } = options;
  const request = { name, scopes, expiresInSeconds: expiresIn };
  const made = await tokens.create(account.id, request, OPERATOR);
  return newTokenOutput({ account, token: made.value }, made.token, region);
};

const rotate: Work<RotateOptions> = async ({ accounts, tokens, region }, options) => {
  const account = await accounts.get(options.email);
  const id = await tokens.idOf(account.id, options.name);
  const request = { overlapSeconds: options.overlap, expiresInSeconds: options.expiresIn };
  const { value }: NewTokenValue = await tokens.rotate(account.id, id, request, OPERATOR);
  return tokenOutput({ account, token: value }, region);
};

const revoke: Work<TokenOptions> = async ({ accounts, tokens, region }, options) => {
  const account = await accounts.get(options.email);
  const id = await tokens.idOf(account.id, options.name);
  const { name } = await tokens.revoke(account.id, id, OPERATOR.actor);
  const { email } = account;
  return revokedOutput({ email, name, region });
};

function revokedOutput(fields: { email: string; name: string; region: string }): Output {
  return {
    text: `Revoked the token ${fields.name} of ${fields.email} in ${fields.region}.`,
    json: { ...fields, revoked: true },
  };
}

function tokenName(text: string): string {
  const name = parseTokenName(text);
  if (name !== null) return name;
  throw new InvalidArgumentError(`${TOKEN_NAME_RULE}.`);
}

function tokenScopes(text: string): TokenScope[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const known = TOKEN_SCOPES.filter((scope) => scopes.includes(scope));
  if (known.length === new Set(scopes).size) return known;
  throw new InvalidArgumentError(`Expected some of ${TOKEN_SCOPES.join(',')}.`);
}
