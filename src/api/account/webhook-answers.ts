import { z } from 'zod';
import { DELIVERY_FAILURES, WEBHOOK_EVENTS } from '../../webhooks/webhook.js';

const instant = z.iso.datetime();
const instantOrNull = instant.nullable();
const envelopeFields = { user_id: z.string().meta({ description: "The account's id." }) };

const webhookSchema = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    is_enabled: z.boolean(),
    disabled_reason: z.enum(['owner', 'failing', 'gone']).nullable().meta({
      description: 'failing: nothing was taken for a day. gone: the target answered 410.',
    }),
    disabled_at: instantOrNull,
    failing_since: instantOrNull.meta({ description: 'Since when no attempt has succeeded.' }),
    created_at: instant,
    secret_rotated_at: instantOrNull,
    previous_secret_until: instantOrNull.meta({
      description: 'Until when requests are signed with the secret before as well.',
    }),
  })
  .meta({ id: 'Webhook', description: 'A webhook, without its secret.' });

export const webhooksAnswerSchema = z.strictObject({
  ...envelopeFields,
  records: z.array(webhookSchema),
  count: z.int(),
});

export const webhookAnswerSchema = z.strictObject({ ...envelopeFields, record: webhookSchema });

export const newWebhookAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: webhookSchema
    .extend({
      secret: z.string().meta({
        description: 'What requests are signed with. It is shown this once.',
        example: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
      }),
    })
    .meta({ id: 'WebhookWithSecret', description: 'A webhook and its secret.' }),
});

export const webhookTestAnswerSchema = z.strictObject({
  ...envelopeFields,
  record: z
    .strictObject({
      event_id: z.uuid().meta({ description: 'The `webhook-id` of the request.' }),
      type: z.literal('webhook.test'),
    })
    .meta({ id: 'WebhookTest', description: 'An event that is sent once, soon.' }),
});

export const webhookAttemptsAnswerSchema = z.strictObject({
  ...envelopeFields,
  records: z.array(
    z
      .strictObject({
        id: z.string(),
        event_id: z.uuid().meta({ description: 'The `webhook-id`, the same at each attempt.' }),
        type: z.string().meta({ example: 'secret.revealed' }),
        attempt: z.int(),
        at: instant,
        status: z.int().nullable().meta({ description: "The answer's status; null: none came." }),
        failure: z.enum(DELIVERY_FAILURES).nullable().meta({ description: 'Why none came.' }),
        duration_ms: z.int(),
      })
      .meta({ id: 'WebhookAttempt', description: 'One attempt to send an event.' }),
  ),
  count: z.int().meta({ description: 'The entries of this page.' }),
  next_cursor: z.string().nullable(),
});

export type WebhooksAnswer = z.infer<typeof webhooksAnswerSchema>;
export type WebhookAnswer = z.infer<typeof webhookAnswerSchema>;
export type WebhookRecordAnswer = WebhookAnswer['record'];
export type NewWebhookAnswer = z.infer<typeof newWebhookAnswerSchema>;
export type WebhookTestAnswer = z.infer<typeof webhookTestAnswerSchema>;
export type WebhookAttemptsAnswer = z.infer<typeof webhookAttemptsAnswerSchema>;
