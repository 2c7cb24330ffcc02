import type { Network } from '../../shared/network.js';
import type { SessionId } from '../sessions/session.js';
import type { TokenIdentity } from '../tokens/token-record.js';

/** Who changed an account. */
export interface Actor {
  /** `browser`: whoever signs in on the pages, or follows a link that was mailed. */
  readonly kind: 'token' | 'browser' | 'operator' | 'gateway';
  /** The name of the token, of the browser or of the operator's key; null when there is none. */
  readonly name: string | null;
  readonly tokenId: TokenIdentity['id'] | null;
  /** Absent: by no session. */
  readonly sessionId?: SessionId;
  /** Null for whoever sent no request. */
  readonly network: Network | null;
}

/** @param agent see agentOf() */
export function browserActor(agent: string | null, network: Network): Actor {
  return { kind: 'browser', name: agent, tokenId: null, network };
}

/** The operator at the command line. */
export const COMMAND_LINE: Actor = {
  kind: 'operator',
  name: 'command line',
  tokenId: null,
  network: null,
};

/** What the gateway does by itself, such as the end of a closing that was begun. */
export const GATEWAY: Actor = { kind: 'gateway', name: null, tokenId: null, network: null };

export type ActivityAction =
  | 'account.created'
  | 'account.plan_changed'
  | 'account.language_changed'
  | 'account.notices_changed'
  | 'account.suspended'
  | 'account.resumed'
  | 'account.exported'
  | 'account.closing'
  | 'token.created'
  | 'token.rotated'
  | 'token.revoked'
  | 'session.opened'
  | 'session.revoked'
  | 'password.set'
  | 'password.removed'
  | 'passkey.added'
  | 'passkey.renamed'
  | 'passkey.removed'
  | 'second_factor.confirmed'
  | 'second_factor.removed'
  | 'recovery_codes.renewed'
  | 'email.change_requested'
  | 'email.change_cancelled'
  | 'email.address_confirmed'
  | 'email.changed'
  | 'mail.failed'
  | 'setup_link.created'
  | 'setup_link.revoked'
  | 'webhook.created'
  | 'webhook.changed'
  | 'webhook.secret_rotated'
  | 'webhook.deleted'
  | 'webhook.disabled'
  /** What the domains' timelines report of ownership and serving, and what is done to certificates. */
  | `domain.${string}`
  | `certificate.${string}`;

/** One line of an account's activity. */
export interface ActivityEntry {
  readonly action: ActivityAction;
  /** Plain facts such as a name or a state: never a key, a value or a token. */
  readonly subject: Readonly<Record<string, unknown>>;
}
