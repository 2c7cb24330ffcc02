import type { z } from 'zod';
import type { AccountId } from '../accounts/account.js';

export type WebhookId = string & z.$brand<'WebhookId'>;

/** What a webhook may ask for: types, or every type of a kind. */
export const WEBHOOK_EVENTS = [
  'secret.created',
  'secret.revealed',
  'secret.burned',
  'secret.expired',
  'domain.*',
  'certificate.*',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** `failing`: nothing was taken for a day. `gone`: the target answered 410. */
export type DisabledReason = 'owner' | 'failing' | 'gone';

/** What may be shown of a webhook: never its secret. */
export interface Webhook {
  readonly id: WebhookId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly isEnabled: boolean;
  readonly disabledReason: DisabledReason | null;
  readonly disabledAt: Date | null;
  /** Since when no attempt has succeeded; null: the last one did, or there was none. */
  readonly failingSince: Date | null;
  readonly createdAt: Date;
  readonly rotatedAt: Date | null;
  /** Until when requests are signed with the secret before as well. */
  readonly previousUntil: Date | null;
}

/** Why an attempt had no answer. */
export const DELIVERY_FAILURES = [
  'dns',
  'private_address',
  'connection',
  'tls',
  'timeout',
  'unsealed',
] as const;
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

/** How an attempt ended: the answer's status, or why there was none. */
export type AttemptResult =
  | { readonly status: number; readonly failure: null; readonly retryAfterSeconds: number | null }
  | { readonly status: null; readonly failure: DeliveryFailure; readonly retryAfterSeconds: null };
