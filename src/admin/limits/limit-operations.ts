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
    'By keyed hashes: who a key is cannot be told, but it can be lifted. Guesses at passphrases and failed sign-ins are here too. Of limits that each process counts for itself, those of the process that answers.',
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
            scope: z.enum(['region', 'process']).meta({
              description:
                '`region`: counted by all processes together. `process`: by the process that answers alone; the others may have it too.',
            }),
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
  summary: 'Forget what was counted for a network, an account, a domain or a key of the list',
  description:
    'In the database at once, in the memory of every process within three seconds. Counting begins anew. A network has its own guesses at passphrases with it; what all networks together have guessed at one secret (`PASSPHRASE_SECRET`) is lifted by its key.',
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
        key: z
          .string()
          .regex(/^[0-9a-f]{32}$/, { error: 'key is 32 hexadecimal digits, as the list has it' })
          .optional()
          .meta({ description: 'As the list of those who are limited has it.' }),
      })
      .refine((body) => Object.values(body).some((value) => value !== undefined), {
        error: 'name a network, an account, a domain or a key',
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
