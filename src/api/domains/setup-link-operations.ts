import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import { extidSchema, setupLinkIdSchema } from './domain-requests.js';
import {
  newSetupLinkAnswerSchema,
  revokedSetupLinksAnswerSchema,
  setupLinksAnswerSchema,
} from './setup-link-answers.js';

const PATH = '/api/domains/{id}/setup-link';
const OF_DOMAIN = { operationId: 'claimDomain', pointer: '/record/id' };

const COMMON = {
  path: PATH,
  credentials: 'required',
  scope: 'domains',
  params: z.object({ id: extidSchema }),
  from: { id: OF_DOMAIN },
} as const;

/** The links to the set-up page of a domain. */
export const SETUP_LINK_OPERATIONS: readonly Operation[] = [
  {
    ...COMMON,
    method: 'post',
    operationId: 'createSetupLink',
    summary: 'Make a link to the set-up page',
    description:
      'For the administrator of the DNS: the link shows the set-up of this domain and nothing else, without sign-in. It ends with the claim, after 14 days, or when it is revoked.',
    answers: {
      201: { description: 'The link, which is shown this once.', schema: newSetupLinkAnswerSchema },
    },
  },
  {
    ...COMMON,
    method: 'get',
    operationId: 'listSetupLinks',
    summary: 'List the links to the set-up page that still open',
    answers: { 200: { description: 'The newest first.', schema: setupLinksAnswerSchema } },
  },
  {
    ...COMMON,
    method: 'delete',
    path: `${PATH}/{link}`,
    params: z.object({ id: extidSchema, link: setupLinkIdSchema }),
    from: { id: OF_DOMAIN, link: { operationId: 'createSetupLink', pointer: '/record/id' } },
    operationId: 'revokeSetupLink',
    summary: 'Revoke a link to the set-up page',
    answers: { 200: { description: 'It opens nothing.', schema: revokedSetupLinksAnswerSchema } },
  },
  {
    ...COMMON,
    method: 'delete',
    operationId: 'revokeSetupLinks',
    summary: 'Revoke every link to the set-up page',
    answers: { 200: { description: 'None opens.', schema: revokedSetupLinksAnswerSchema } },
  },
];
