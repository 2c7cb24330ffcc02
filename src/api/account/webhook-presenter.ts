import type { AttemptRecord } from '../../webhooks/delivery-log.js';
import type { Webhook } from '../../webhooks/webhook.js';
import { isoOrNull } from '../instants.js';
import type { WebhookAttemptsAnswer, WebhookRecordAnswer } from './webhook-answers.js';

/** Without its secret. */
export function presentWebhook(webhook: Webhook): WebhookRecordAnswer {
  return {
    id: webhook.id,
    name: webhook.name,
    url: webhook.url,
    events: [...webhook.events],
    is_enabled: webhook.isEnabled,
    disabled_reason: webhook.disabledReason,
    disabled_at: isoOrNull(webhook.disabledAt),
    failing_since: isoOrNull(webhook.failingSince),
    created_at: webhook.createdAt.toISOString(),
    secret_rotated_at: isoOrNull(webhook.rotatedAt),
    previous_secret_until: isoOrNull(webhook.previousUntil),
  };
}

export function presentAttempt(attempt: AttemptRecord): WebhookAttemptsAnswer['records'][number] {
  return {
    id: attempt.id,
    event_id: attempt.deliveryId,
    type: attempt.type,
    attempt: attempt.attempt,
    at: attempt.at.toISOString(),
    status: attempt.status,
    failure: attempt.failure,
    duration_ms: attempt.durationMs,
  };
}
