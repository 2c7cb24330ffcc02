import { z } from 'zod';
import { LIMIT_NAMES } from '../../config/limits.js';
import type { AdminOperation } from '../admin-operation.js';
import { emailText, PREFIX, regionParams } from '../admin-schemas.js';

export const LIST_LIMITED = {
  method: 'get',
  path: `${PREFIX}/limits`,
  operationId: 'listLimited',
  summary: 'Who is limited now',
  description:
    'By keyed hashes: who a key is cannot be told. What this process knows; each process counts for itself what is kept in memory.',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  answers: {
    200: {
      description: 'The limits that are used up, the most used first, at most 1,000.',
      schema: z.object({
        limited: z.array(
          z.object({
            limit: z.enum(LIMIT_NAMES),
            key: z.string().meta({ description: 'A keyed hash of the subject, in hex.' }),
            used: z.int(),
            resets_in_seconds: z.int(),
            kept_in: z.enum(['database', 'memory']),
          }),
        ),
      }),
    },
  },
} as const satisfies AdminOperation;

export const LIFT_LIMITS = {
  method: 'post',
  path: `${PREFIX}/limits/lift`,
  operationId: 'liftLimits',
  summary: 'Forget what was counted for a network, an account or a domain',
  description:
    'In the database at once, in the memory of every process within three seconds. Counting begins anew. Guesses at passphrases stay counted.',
  credentials: 'required',
  scope: 'write',
  params: regionParams,
  body: {
    schema: z
      .strictObject({
        network: z.union([z.ipv4(), z.ipv6()], { error: 'network is an address' }).optional().meta({
          description: 'An address: it is counted with its network.',
          example: '192.0.2.1',
        }),
        account: emailText.optional().meta({ example: 'ann@example.com' }),
        domain: z.string().max(253).optional().meta({ example: 'secrets.example.com' }),
      })
      .refine((body) => Object.values(body).some((value) => value !== undefined), {
        error: 'name a network, an account or a domain',
      }),
    isRequired: true,
    example: { network: '192.0.2.1' },
  },
  answers: {
    200: {
      description: 'They are lifted.',
      schema: z.object({
        counters: z.int().meta({ description: 'Counters of the database that were deleted.' }),
      }),
    },
  },
} as const satisfies AdminOperation;

export const LIMIT_OPERATIONS: readonly AdminOperation[] = [LIST_LIMITED, LIFT_LIMITS];
