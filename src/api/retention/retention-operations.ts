import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';

const seconds = z.int().nonnegative();
const instant = z.iso.datetime();

export const retentionSchema = z
  .object({
    region: z.string().meta({ description: 'The region whose ciphertexts it is about.' }),
    kept_at_most_seconds: seconds.meta({ description: 'The longest time to live of any plan.' }),
    deleted_within_seconds: seconds.meta({
      description:
        'What is promised: how long after its expiry a ciphertext is deleted, at the latest.',
    }),
    oldest_ciphertext_seconds: seconds.meta({
      description: 'The age of the oldest ciphertext that is still stored; 0: there is none.',
    }),
    oldest_expired_ciphertext_seconds: seconds.meta({
      description:
        'How long ago the oldest ciphertext that is still stored has expired; 0: none has.',
    }),
    last_purge_at: instant.meta({ description: 'When all that had expired was last deleted.' }),
    measured_at: instant.meta({ description: 'By the clock of the database.' }),
  })
  .meta({ id: 'Retention' });

export const RETENTION_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/.well-known/retention',
    operationId: 'getRetention',
    summary: 'How long ciphertexts are kept',
    description:
      'On every host. An expired secret is never revealed, deleted or not. Measured anew every ten seconds at most.',
    credentials: 'none',
    answers: { 200: { description: 'The promise, and how it is kept.', schema: retentionSchema } },
  },
];
