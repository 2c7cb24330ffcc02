import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import { domainAnswerSchema } from './domain-answers.js';
import {
  acceptTransferSchema,
  extidSchema,
  moveIdSchema,
  moveRequestSchema,
  offerSchema,
} from './domain-requests.js';
import {
  cancelledTransferAnswerSchema,
  moveNameAnswerSchema,
  moveStateAnswerSchema,
  newTransferAnswerSchema,
} from './transfer-answers.js';

const COMMON = { credentials: 'required', scope: 'domains' } as const;
const OF_ONE = {
  ...COMMON,
  path: '/api/domains/{id}/transfer',
  params: z.object({ id: extidSchema }),
  from: { id: { operationId: 'claimDomain', pointer: '/record/id' } },
} as const;

/** Giving a domain to another account. */
export const TRANSFER_OPERATIONS: readonly Operation[] = [
  {
    ...OF_ONE,
    method: 'post',
    operationId: 'offerDomain',
    summary: 'Give a domain to another account',
    description:
      'The answer has a code. Whoever enters it in another account within seven days gets the domain with its certificate, its look and its policy; secrets stay with the account that made them. The second name of its pair goes with it. A code that was made before ends. With a `region` the account is in that region: it enters the code there, gets its own certificate for the name first, and then you change the record. A browser must have signed in a few minutes ago.',
    body: { schema: offerSchema, isRequired: false, example: {} },
    answers: {
      201: { description: 'The code, which is shown this once.', schema: newTransferAnswerSchema },
    },
  },
  {
    ...OF_ONE,
    method: 'delete',
    operationId: 'cancelDomainOffer',
    summary: 'Cancel the offer of a domain',
    answers: {
      200: { description: 'The code gives nothing.', schema: cancelledTransferAnswerSchema },
    },
  },
  {
    ...COMMON,
    method: 'post',
    path: '/api/domains/transfers',
    operationId: 'acceptDomain',
    summary: 'Get a domain that another account gives away',
    description: 'Enter the code. If the answer was lost, send it again.',
    body: {
      schema: acceptTransferSchema,
      isRequired: true,
      example: { code: 'eu-0123-4567-89ab-cdef' },
    },
    answers: { 200: { description: 'The domain is yours.', schema: domainAnswerSchema } },
  },
  {
    method: 'post',
    path: '/api/domains/moves',
    operationId: 'takeName',
    summary: 'For other regions: take a name by its code',
    description:
      'Another region of the service asks which name a code gives to it, and with an `id` of its own takes it. The same id may be sent again.',
    credentials: 'none',
    scope: 'domains',
    body: {
      schema: moveRequestSchema,
      isRequired: true,
      example: { code: 'eu-0123-4567-89ab-cdef', region: 'us' },
    },
    answers: { 200: { description: 'The name.', schema: moveNameAnswerSchema } },
  },
  {
    method: 'get',
    path: '/api/domains/moves/state/{move}',
    operationId: 'getMoveState',
    summary: 'For other regions: how far a move is',
    credentials: 'none',
    scope: 'domains',
    params: z.object({ move: moveIdSchema }),
    from: { move: { operationId: 'acceptDomain', pointer: '/record/move/id' } },
    answers: { 200: { description: 'Its state.', schema: moveStateAnswerSchema } },
  },
];
