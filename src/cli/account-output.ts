import type { AccountDetails, AccountRecord } from '../accounts/account-details.js';
import type { IssuedToken } from '../accounts/accounts.service.js';
import type { TokenRecord } from '../accounts/tokens/token-record.js';
import type { Region } from '../config/region.js';
import { formatFields, formatTable } from './text-layout.js';

/** A result as text for a person and as JSON for a program. */
export interface Output {
  readonly text: string;
  readonly json: unknown;
}

/** The outputs with a token are this one and newTokenOutput(). Other programs depend on the four names of its JSON. */
export function tokenOutput({ account, token }: IssuedToken, region: Region): Output {
  const { email, plan } = account;
  return {
    text: `${formatFields({ email, token, plan, region })}\nThe token is not shown again: only its hash is stored.`,
    json: { email, token, plan, region },
  };
}

/** A token that was created by name. */
export function newTokenOutput(issued: IssuedToken, token: TokenRecord, region: Region): Output {
  const { name, scopes, expires_at } = tokenJson(token);
  const { text, json } = tokenOutput(issued, region);
  const fields = { name, scopes: scopes.join(','), expires: expires_at ?? 'never' };
  return {
    text: `${formatFields(fields)}\n${text}`,
    json: { ...(json as object), id: token.id, name, scopes, expires_at },
  };
}

export function tokenListOutput(tokens: readonly TokenRecord[], region: Region): Output {
  const rows = tokens.map((token) => ({
    name: token.name,
    scopes: token.scopes.join(','),
    valid: validity(token),
    used: token.lastUsedOn ?? 'never',
    from: token.lastUsedFrom ?? '',
  }));
  return {
    text: rows.length === 0 ? `No tokens in ${region}.` : formatTable(rows),
    json: tokens.map(tokenJson),
  };
}

export function accountOutput(account: AccountRecord, region: Region): Output {
  const { email, plan, state, language } = account;
  const fields = { email, plan, state, region };
  return {
    text: formatFields({ ...fields, language: language ?? 'default' }),
    json: { ...fields, language },
  };
}

export function accountListOutput(accounts: readonly AccountRecord[], region: Region): Output {
  const rows = accounts.map(({ email, plan, state, createdAt }) => ({
    email,
    plan,
    state,
    created: createdAt.toISOString(),
  }));
  return {
    text: rows.length === 0 ? `No accounts in ${region}.` : formatTable(rows),
    json: accounts.map((account) => ({ ...toJson(account), region })),
  };
}

export function accountDetailsOutput(account: AccountDetails, region: Region): Output {
  const fields = formatFields({
    email: account.email,
    plan: account.plan,
    state: account.state,
    language: account.language ?? 'default',
    region,
    id: account.id,
    created: account.createdAt.toISOString(),
    changed: account.updatedAt.toISOString(),
  });
  const tokenLines = account.tokens.map(
    (token) =>
      `token      ${token.name} (${token.scopes.join(',')}), created ${token.createdAt.toISOString()}, ${validity(token)}`,
  );
  return {
    text: [fields, ...tokenLines].join('\n'),
    json: { ...toJson(account), region, tokens: account.tokens.map(tokenJson) },
  };
}

function validity({ expiresAt, isExpired, replacedBy }: TokenRecord): string {
  if (expiresAt === null) return 'valid until it is rotated';
  const until = `valid until ${expiresAt.toISOString()}`;
  if (replacedBy !== null) return `replaced, ${until}`;
  return isExpired ? `expired at ${expiresAt.toISOString()}` : until;
}

function tokenJson(token: TokenRecord) {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    is_replaced: token.replacedBy !== null,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    last_used_on: token.lastUsedOn,
    last_used_from: token.lastUsedFrom,
  };
}

function toJson({ createdAt, updatedAt, ...account }: AccountRecord) {
  const { id, email, plan, state, language } = account;
  return {
    id,
    email,
    plan,
    state,
    language,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
