import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import { INVALID_REQUEST } from '../openapi/typed-error-answers.js';
import {
  newWebhookAnswerSchema,
  webhookAnswerSchema,
  webhookAttemptsAnswerSchema,
  webhooksAnswerSchema,
  webhookTestAnswerSchema,
} from './webhook-answers.js';
import {
  changeWebhookSchema,
  createWebhookSchema,
  rotateWebhookSecretSchema,
  webhookAttemptsQuerySchema,
  webhookIdSchema,
} from './webhook-requests.js';

const ofWebhook = {
  credentials: 'required',
  params: z.object({ id: webhookIdSchema }),
  from: { id: { operationId: 'createWebhook', pointer: '/record/id' } },
} as const;

/** The operations of webhooks, on the region's host only. */
export const WEBHOOK_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/account/webhooks',
    operationId: 'listWebhooks',
    summary: 'List the webhooks',
    description: 'Without their secrets.',
    credentials: 'required',
    scope: 'read',
    answers: { 200: { description: 'All webhooks.', schema: webhooksAnswerSchema } },
  },
  {
    method: 'post',
    path: '/api/account/webhooks',
    operationId: 'createWebhook',
    summary: 'Create a webhook',
    description:
      'Events are sent as Standard Webhooks. The secret that signs them is shown this once. A name is used once: a ' +
      'request that is sent again is refused with `WEBHOOK_EXISTS`.',
    credentials: 'required',
    scope: 'account',
    body: {
      schema: createWebhookSchema,
      isRequired: true,
      example: {
        name: 'audit',
        url: 'https://hooks.example.com/onetime',
        events: ['secret.revealed', 'secret.burned'],
      },
    },
    answers: {
      201: { description: 'The webhook and its secret.', schema: newWebhookAnswerSchema },
    },
  },
  {
    ...ofWebhook,
    method: 'get',
    path: '/api/account/webhooks/{id}',
    operationId: 'showWebhook',
    summary: 'Show a webhook',
    scope: 'read',
    answers: { 200: { description: 'The webhook.', schema: webhookAnswerSchema } },
  },
  {
    ...ofWebhook,
    method: 'patch',
    path: '/api/account/webhooks/{id}',
    operationId: 'changeWebhook',
    summary: 'Change, disable or enable a webhook',
    scope: 'account',
    body: { schema: changeWebhookSchema, isRequired: true, example: { is_enabled: false } },
    answers: { 200: { description: 'The webhook.', schema: webhookAnswerSchema } },
  },
  {
    ...ofWebhook,
    method: 'delete',
    path: '/api/account/webhooks/{id}',
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook',
    description: 'With the events that wait for it, and its log.',
    scope: 'account',
    answers: { 200: { description: 'The webhook as it was.', schema: webhookAnswerSchema } },
  },
  {
    ...ofWebhook,
    method: 'post',
    path: '/api/account/webhooks/{id}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook a new secret',
    description: 'For the overlap requests are signed with both, with a blank between.',
    scope: 'account',
    body: { schema: rotateWebhookSecretSchema, isRequired: false, example: { overlap: 3600 } },
    answers: {
      200: { description: 'The webhook and its new secret.', schema: newWebhookAnswerSchema },
    },
  },
  {
    ...ofWebhook,
    method: 'post',
    path: '/api/account/webhooks/{id}/test',
    operationId: 'testWebhook',
    summary: 'Send a test event',
    description: 'An event `webhook.test`, sent once. The log says how it was answered.',
    scope: 'account',
    answers: { 202: { description: 'The event is queued.', schema: webhookTestAnswerSchema } },
  },
  {
    ...ofWebhook,
    method: 'get',
    path: '/api/account/webhooks/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'List what was sent to a webhook',
    description: 'Each attempt, the newest first, of the last 30 days.',
    scope: 'read',
    query: webhookAttemptsQuerySchema,
    answers: {
      200: { description: 'One page.', schema: webhookAttemptsAnswerSchema },
      422: INVALID_REQUEST,
    },
  },
];
