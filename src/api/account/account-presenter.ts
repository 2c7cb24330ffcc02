import type { AccountRecord } from '../../accounts/account-details.js';
import { externalIdOf } from '../../accounts/external-id.js';
import type { Account } from '../../accounts/account.js';
import type { ActivityPage } from '../../accounts/activity/activity.store.js';
import { PLANS, type AccountPlan } from '../../accounts/plans.js';
import type { TokenId, TokenRecord } from '../../accounts/tokens/token-record.js';
import { TOKENS_MAX } from '../../accounts/tokens/tokens.service.js';
import { languageOf } from '../../shared/language.js';
import type { SettledAccount } from '../../accounts/settings/account-settings.js';
import { isoOrNull, unixSeconds } from '../instants.js';
import {
  ENTITLEMENTS,
  type AccountAnswer,
  type ActivityAnswer,
  type TokenRecordAnswer,
} from './account-answers.js';

const MILLISECONDS = 1000;

export interface AccountUsage {
  readonly tokens: readonly TokenRecord[];
  readonly domains: number;
  readonly unread: { readonly count: number; readonly isMinimum: boolean };
}

/** An account in upstream's fields and ours. No token is in it. */
export function presentAccount(account: SettledAccount, usage: AccountUsage): AccountAnswer {
  const { id, email, plan, language, notices, createdAt, updatedAt } = account;
  const { ttlSecondsMax, secretBytesMax, domainsMax } = PLANS[plan];
  return {
    user_id: id,
    record: {
      apitoken: null,
      cust: presentCustomer(account, usage),
      id,
      extid: externalIdOf(id),
      email,
      created_at: createdAt.toISOString(),
      updated_at: updatedAt.toISOString(),
      plan,
      language,
      notices,
      entitlements: entitlementsOf(plan),
      limits: {
        secret_ttl: ttlSecondsMax,
        secret_bytes: secretBytesMax,
        custom_domains: domainsMax,
        api_tokens: TOKENS_MAX,
      },
      usage: {
        custom_domains: usage.domains,
        api_tokens: usage.tokens.filter(({ replacedBy }) => replacedBy === null).length,
        unread_secrets: usage.unread.count,
        unread_secrets_is_minimum: usage.unread.isMinimum,
      },
    },
    details: {},
  };
}

function presentCustomer(
  { id, email, language, createdAt, updatedAt }: AccountRecord,
  { tokens }: AccountUsage,
): AccountAnswer['record']['cust'] {
  const lastUsed = tokens.flatMap(({ lastUsedOn }) => (lastUsedOn === null ? [] : [lastUsedOn]));
  const latest = lastUsed.sort().at(-1);
  return {
    objid: id,
    extid: externalIdOf(id),
    email,
    role: 'customer',
    verified: true,
    active: true,
    last_login: latest === undefined ? null : Date.parse(latest) / MILLISECONDS,
    locale: languageOf(language),
    created: unixSeconds(createdAt),
    updated: unixSeconds(updatedAt),
  };
}

/** In upstream's names. */
function entitlementsOf(plan: AccountPlan): AccountAnswer['record']['entitlements'] {
  const { domainsMax, ttlSecondsMax } = PLANS[plan];
  const has: Record<(typeof ENTITLEMENTS)[number], boolean> = {
    api_access: true,
    create_secrets: true,
    view_receipt: true,
    extended_default_expiration: ttlSecondsMax > PLANS.basic.ttlSecondsMax,
    custom_domains: domainsMax > 0,
    homepage_secrets: domainsMax > 0,
  };
  return ENTITLEMENTS.filter((name) => has[name]);
}

/** The tokens with their replaced values inside. @param current the one by which the caller signed in */
export function presentTokens(
  values: readonly TokenRecord[],
  current: TokenId | null,
): TokenRecordAnswer[] {
  return values
    .filter(({ replacedBy }) => replacedBy === null)
    .map((token) => presentToken(token, values, current));
}

export function presentToken(
  token: TokenRecord,
  values: readonly TokenRecord[],
  current: TokenId | null,
): TokenRecordAnswer {
  const replaced = values.filter(({ replacedBy }) => replacedBy === token.id);
  return {
    id: token.id,
    name: token.name,
    scopes: [...token.scopes],
    is_current: token.id === current,
    is_expired: token.isExpired,
    created_at: token.createdAt.toISOString(),
    rotated_at: isoOrNull(token.rotatedAt),
    expires_at: isoOrNull(token.expiresAt),
    last_used_on: token.lastUsedOn,
    last_used_from: token.lastUsedFrom,
    replaced: replaced.map(({ expiresAt, lastUsedOn, lastUsedFrom }) => ({
      valid_until: isoOrNull(expiresAt),
      last_used_on: lastUsedOn,
      last_used_from: lastUsedFrom,
    })),
  };
}

/** One page, the newest first. */
export function presentActivity({ id }: Account, page: ActivityPage): ActivityAnswer {
  return {
    user_id: id,
    records: page.entries.map((entry) => ({
      id: entry.id,
      at: entry.at.toISOString(),
      actor: entry.actor,
      actor_name: entry.actorName,
      action: entry.action,
      subject: entry.subject,
      network: entry.network,
    })),
    count: page.entries.length,
    next_cursor: page.nextCursor,
  };
}
