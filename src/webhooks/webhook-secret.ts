import { createHmac, randomBytes } from 'node:crypto';
import type { z } from 'zod';

/** `whsec_` and the base64 of the key, as the libraries of Standard Webhooks take it. */
export type WebhookSecret = string & z.$brand<'WebhookSecret'>;

const PREFIX = 'whsec_';
const KEY_BYTES = 32;

export function newWebhookSecret(): WebhookSecret {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64')}` as WebhookSecret;
}

/** What is signed and sent. */
export interface SignedMessage {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly payload: string;
}

/** The headers of Standard Webhooks; `webhook-signature` has one signature for each secret. */
export function signatureHeaders(
  { id, timestampSeconds, payload }: SignedMessage,
  secrets: readonly string[],
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const content = `${id}.${timestampSeconds}.${payload}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
