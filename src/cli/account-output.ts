import type { AccountDetails, AccountRecord } from '../accounts/account-details.js';
import type { IssuedToken } from '../accounts/accounts.service.js';
import type { Region } from '../config/region.js';
import { formatFields, formatTable } from './text-layout.js';

/** A result as text for a person and as JSON for a program. */
export interface Output {
  readonly text: string;
  readonly json: unknown;
}

/** The only output that contains a token. Other programs depend on the four names of its JSON. */
export function tokenOutput({ account, token }: IssuedToken, region: Region): Output {
  const { email, plan } = account;
  return {
    text: `${formatFields({ email, token, plan, region })}\nThe token is not shown again: only its hash is stored.`,
    json: { email, token, plan, region },
  };
}

export function accountOutput({ email, plan, state }: AccountRecord, region: Region): Output {
  const fields = { email, plan, state, region };
  return { text: formatFields(fields), json: fields };
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
  const tokens = account.tokens.map(({ createdAt, expiresAt }) => ({
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  }));
  const fields = formatFields({
    email: account.email,
    plan: account.plan,
    state: account.state,
    region,
    id: account.id,
    created: account.createdAt.toISOString(),
    changed: account.updatedAt.toISOString(),
  });
  const tokenLines = tokens.map(
    (token) => `token      created ${token.created_at}, ${validity(token.expires_at)}`,
  );
  return {
    text: [fields, ...tokenLines].join('\n'),
    json: { ...toJson(account), region, tokens },
  };
}

function validity(expiresAt: string | null): string {
  return expiresAt === null ? 'valid until it is rotated' : `valid until ${expiresAt}`;
}

function toJson({ id, email, plan, state, createdAt, updatedAt }: AccountRecord) {
  return {
    id,
    email,
    plan,
    state,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
