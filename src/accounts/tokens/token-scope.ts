/** What an API token may be used for; docs/accounts.md says which routes each one opens. */
export const TOKEN_SCOPES = ['read', 'create', 'domains', 'account'] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** The scopes of `wanted` that `held` does not have. */
export function scopesBeyond(
  held: readonly TokenScope[],
  wanted: readonly TokenScope[],
): TokenScope[] {
  return wanted.filter((scope) => !held.includes(scope));
}
