import { parseTokenName } from '../../accounts/tokens/token-rules.js';
import { AppError } from '../../shared/app-error.js';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../webhooks/webhook.js';
import type { WebhookRequest } from '../../webhooks/webhooks.service.js';
import type { SentForm } from '../frame/page-form.js';
import { hasText, type MessageKeyOf } from '../messages/messages.js';

const SHOWN_MAX = 2100;

/** The fields of a webhook, as they were typed. */
export interface TypedWebhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
}

/** Why a form is shown again. */
export type WebhookRefusal = MessageKeyOf<'webhooks.refused'>;

export function typedWebhook(sent: SentForm): TypedWebhook {
  return {
    name: (sent.get('name') ?? '').slice(0, SHOWN_MAX),
    url: (sent.get('url') ?? '').trim().slice(0, SHOWN_MAX),
    events: WEBHOOK_EVENTS.filter((event) => sent.get(event) !== null),
  };
}

/** What the service is asked for, or why it is not. */
export function webhookIn({ name, url, events }: TypedWebhook): WebhookRequest | WebhookRefusal {
  const parsed = parseTokenName(name);
  if (parsed === null) return 'webhooks.refused.name';
  return events.length === 0 ? 'webhooks.refused.events' : { name: parsed, url, events };
}

/** Null: the error needs another page. */
export function webhookRefusal(error: unknown): WebhookRefusal | null {
  const key = `webhooks.refused.${error instanceof AppError ? error.reason : ''}`;
  return isRefusal(key) ? key : null;
}

function isRefusal(key: string): key is WebhookRefusal {
  return hasText(key);
}
