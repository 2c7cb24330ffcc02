import { z } from 'zod';
import { parseTokenName } from '../../accounts/tokens/token-rules.js';
import { WEBHOOK_EVENTS } from '../../webhooks/webhook.js';
import { SECRET_OVERLAP_SECONDS } from '../../webhooks/webhook-settings.js';
import { pageCursor, pageLimit } from '../body/page-request.js';

const NAME_RULE = "A webhook's name has 1 to 60 characters, no line breaks";
const EVENTS_RULE = `events is a list of ${WEBHOOK_EVENTS.join(', ')}`;

const name = z
  .string({ error: NAME_RULE })
  .transform((text, context) => {
    const parsed = parseTokenName(text);
    if (parsed !== null) return parsed;
    context.issues.push({ code: 'custom', message: NAME_RULE, input: text });
    return z.NEVER;
  })
  .meta({ description: 'A name that no other webhook of the account has.', example: 'audit' });

const url = z.string({ error: 'Send the URL' }).meta({
  description:
    'Where events are sent: an https:// URL on port 443, or one from 1024 on, whose host has public addresses only.',
  example: 'https://hooks.example.com/onetime',
});

const events = z
  .array(z.enum(WEBHOOK_EVENTS), { error: EVENTS_RULE })
  .min(1, 'Name at least one event')
  .max(WEBHOOK_EVENTS.length, EVENTS_RULE)
  .meta({ description: 'What is sent.', example: ['secret.revealed', 'secret.burned'] });

/** The id of a webhook in a path. */
export const webhookIdSchema = z.uuid().meta({
  description: 'The id of a webhook.',
  example: '0d6f4f3e-52a6-4c37-9f5c-2d3d1f1c9a10',
});

export const createWebhookSchema = z
  .object({ name, url, events })
  .meta({ id: 'NewWebhook', description: 'A webhook to create.' });

export const changeWebhookSchema = z
  .object({
    name: name.optional(),
    url: url.optional(),
    events: events.optional(),
    is_enabled: z
      .boolean({ error: 'is_enabled is true or false' })
      .optional()
      .meta({ description: 'true: what waited is sent, and events are kept from now on.' }),
  })
  .meta({ id: 'WebhookChange', description: 'What is absent stays.' });

export const rotateWebhookSecretSchema = z
  .object({
    overlap: z
      .int({ error: 'overlap is a number of seconds' })
      .min(0, 'overlap is not negative')
      .max(SECRET_OVERLAP_SECONDS.max, `overlap is at most ${SECRET_OVERLAP_SECONDS.max}`)
      .default(SECRET_OVERLAP_SECONDS.usual)
      .meta({ description: 'Seconds for which the secret before signs too.', example: 3600 }),
  })
  .meta({ id: 'WebhookSecretRotation', description: 'How a webhook gets a new secret.' });

export const webhookAttemptsQuerySchema = z.object({ limit: pageLimit, cursor: pageCursor });

export type CreateWebhookRequest = z.infer<typeof createWebhookSchema>;
export type ChangeWebhookRequest = z.infer<typeof changeWebhookSchema>;
export type RotateWebhookSecretRequest = z.infer<typeof rotateWebhookSecretSchema>;
export type WebhookAttemptsQuery = z.infer<typeof webhookAttemptsQuerySchema>;
