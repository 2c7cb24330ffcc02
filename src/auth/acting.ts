import { browserActor } from '../accounts/activity/activity.js';
import { TOKEN_SCOPES } from '../accounts/tokens/token-scope.js';
import type { Grantor } from '../accounts/tokens/tokens.service.js';
import type { Caller } from './caller.js';

/** Who acts, for the account's activity, and what they may give. Whoever signs in without a token may all. */
export function actingOf({
  token,
  session,
  network,
}: Pick<Caller, 'token' | 'session' | 'network'>): Grantor {
  if (token === null) {
    const browser = browserActor(session?.agent ?? null, network);
    const actor = session === null ? browser : { ...browser, sessionId: session.id };
    return { actor, scopes: TOKEN_SCOPES };
  }
  const { id, name, scopes } = token;
  return { actor: { kind: 'token', name, tokenId: id, network }, scopes };
}
