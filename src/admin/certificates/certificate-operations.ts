import { z } from 'zod';
import type { AdminOperation } from '../admin-operation.js';
import {
  instant,
  nextCursor,
  pageQuery,
  plainText,
  PREFIX,
  regionParams,
} from '../admin-schemas.js';
import { certificateSchema } from '../domains/domain-schemas.js';

export const LIST_CERTIFICATES = {
  method: 'get',
  path: `${PREFIX}/certificates`,
  operationId: 'listCertificates',
  summary: 'Certificates of all names, those that are due, or those that fail',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  query: z.object({
    ...pageQuery.shape,
    filter: z
      .enum(['all', 'due', 'failing'], { error: 'filter is all, due or failing' })
      .prefault('all')
      .meta({
        description:
          '`due`: worked on within `within` seconds. `failing`: without a valid certificate, or the last attempt failed.',
        example: 'failing',
      }),
    within: z
      .string()
      .regex(/^\d{1,8}$/, { error: 'within is a number of seconds' })
      .prefault('0')
      .transform(Number)
      .meta({ description: 'Seconds, for `due`.', example: '86400' }),
  }),
  answers: {
    200: {
      description: 'A page of certificates, in the order of the names.',
      schema: z.object({ certificates: z.array(certificateSchema), next_cursor: nextCursor }),
    },
  },
} as const satisfies AdminOperation;

export const LIST_HOLDS = {
  method: 'get',
  path: `${PREFIX}/holds`,
  operationId: 'listHolds',
  summary: 'Until when a CA is not asked, and about what',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  answers: {
    200: {
      description: 'All holds.',
      schema: z.object({
        holds: z.array(
          z.object({
            ca: z.string(),
            scope: z.string().meta({ description: '`all`, `domain:NAME` or `name:NAME`.' }),
            reason: z.enum(['rate_limit', 'ca_down']),
            until: instant,
            failures: z.int(),
          }),
        ),
      }),
    },
  },
} as const satisfies AdminOperation;

export const RELEASE_HOLD = {
  method: 'post',
  path: `${PREFIX}/holds/release`,
  operationId: 'releaseHold',
  summary: 'Ask the CA again at once',
  description: 'What waited for the hold is due. If the CA still refuses, it is held again.',
  credentials: 'required',
  scope: 'write',
  params: regionParams,
  body: {
    schema: z.strictObject({
      ca: plainText('ca is the name of a CA', 500).meta({ example: 'letsencrypt' }),
      scope: z
        .string()
        .regex(/^(?:all|(?:domain|name):[a-z0-9.-]{1,253})$/, {
          error: 'scope is all, domain:NAME or name:NAME',
        })
        .meta({ example: 'all' }),
    }),
    isRequired: true,
    example: { ca: 'letsencrypt', scope: 'all' },
  },
  answers: {
    200: {
      description: 'There is no such hold any more.',
      schema: z.object({
        released: z.boolean().meta({ description: 'False: there was none.' }),
        names: z.int().meta({ description: 'How many names waited for it.' }),
      }),
    },
  },
} as const satisfies AdminOperation;

export const CERTIFICATE_OPERATIONS: readonly AdminOperation[] = [
  LIST_CERTIFICATES,
  LIST_HOLDS,
  RELEASE_HOLD,
];
