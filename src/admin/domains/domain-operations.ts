import { z } from 'zod';
import type { AdminOperation } from '../admin-operation.js';
import {
  emailText,
  nextCursor,
  pageQuery,
  plainText,
  PREFIX,
  regionParams,
} from '../admin-schemas.js';
import {
  administeredSchema,
  domainSchema,
  secondNameSchema,
  transferredSchema,
} from './domain-schemas.js';

const REASON_LENGTH_MAX = 500;

const domainParams = z.object({
  ...regionParams.shape,
  domain: z.string().min(1).max(253).meta({
    description: 'A host name, or the id of a claim. A host name means the claim that holds it.',
    example: 'secrets.example.com',
  }),
});

const account = emailText.meta({
  description: "An account's e-mail address.",
  example: 'bob@example.com',
});

const changed = { 200: { description: 'The domain.', schema: domainSchema } } as const;

export const LIST_DOMAINS = {
  method: 'get',
  path: `${PREFIX}/domains`,
  operationId: 'listDomains',
  summary: 'Domains of all accounts',
  description: 'With `hostname`, all claims to that name, the one that holds it first.',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  query: z.object({
    ...pageQuery.shape,
    hostname: z.string().max(253).optional().meta({ example: 'secrets.example.com' }),
    account: account.optional(),
    blocked: z
      .enum(['true', 'false'], { error: 'blocked is true or false' })
      .optional()
      .meta({ description: 'Only names that are blocked.' }),
  }),
  answers: {
    200: {
      description: 'A page of domains.',
      schema: z.object({ domains: z.array(domainSchema), next_cursor: nextCursor }),
    },
  },
} as const satisfies AdminOperation;

export const GET_DOMAIN = {
  method: 'get',
  path: `${PREFIX}/domains/{domain}`,
  operationId: 'getDomain',
  summary: 'One domain with its certificate',
  credentials: 'required',
  scope: 'read',
  params: domainParams,
  answers: { 200: { description: 'The domain.', schema: administeredSchema } },
} as const satisfies AdminOperation;

export const RELEASE_DOMAIN = {
  method: 'delete',
  path: `${PREFIX}/domains/{domain}`,
  operationId: 'releaseDomain',
  summary: 'Remove the claim and its certificate',
  description: 'The second name of its pair, which leads to it, is removed too.',
  credentials: 'required',
  scope: 'write',
  params: domainParams,
  answers: {
    200: {
      description: 'It is released.',
      schema: z.object({
        id: z.string(),
        hostname: z.string(),
        released: z.literal(true),
        second: secondNameSchema,
      }),
    },
  },
} as const satisfies AdminOperation;

export const VERIFY_DOMAIN = {
  method: 'post',
  path: `${PREFIX}/domains/{domain}/verify`,
  operationId: 'verifyDomain',
  summary: 'Check its records within seconds',
  description: 'The answer is the domain as it was: `checked_at` changes with the check.',
  credentials: 'required',
  scope: 'write',
  params: domainParams,
  answers: changed,
} as const satisfies AdminOperation;

export const BLOCK_DOMAIN = {
  method: 'post',
  path: `${PREFIX}/domains/{domain}/block`,
  operationId: 'blockDomain',
  summary: 'Stop serving the name at once',
  description:
    'The block is the name’s: all claims to it have it, new ones too, until it is lifted.',
  credentials: 'required',
  scope: 'write',
  params: domainParams,
  body: {
    schema: z.strictObject({
      reason: plainText('reason is a text for the owner of the name', REASON_LENGTH_MAX).meta({
        description: 'The owner reads it.',
        example: 'It shows a copy of a bank.',
      }),
    }),
    isRequired: true,
    example: { reason: 'It shows a copy of a bank.' },
  },
  answers: changed,
} as const satisfies AdminOperation;

export const UNBLOCK_DOMAIN = {
  method: 'post',
  path: `${PREFIX}/domains/{domain}/unblock`,
  operationId: 'unblockDomain',
  summary: 'Lift the block',
  credentials: 'required',
  scope: 'write',
  params: domainParams,
  answers: changed,
} as const satisfies AdminOperation;

export const TRANSFER_DOMAIN = {
  method: 'post',
  path: `${PREFIX}/domains/{domain}/transfer`,
  operationId: 'transferDomain',
  summary: 'Give it to another account of the region, with its certificate',
  description:
    'The second name of its pair, which leads to it, goes too, unless the receiver has proven that name itself. Secrets and receipts stay with the account that made them.',
  credentials: 'required',
  scope: 'write',
  params: domainParams,
  body: {
    schema: z.strictObject({ account }),
    isRequired: true,
    example: { account: 'bob@example.com' },
  },
  answers: { 200: { description: 'The domain.', schema: transferredSchema } },
} as const satisfies AdminOperation;

export const REISSUE_CERTIFICATE = {
  method: 'post',
  path: `${PREFIX}/domains/{domain}/reissue`,
  operationId: 'reissueCertificate',
  summary: 'Order a new certificate now',
  description: 'The current one serves until the new one is there.',
  credentials: 'required',
  scope: 'write',
  params: domainParams,
  answers: { 200: { description: 'The domain.', schema: administeredSchema } },
} as const satisfies AdminOperation;

export const DOMAIN_OPERATIONS: readonly AdminOperation[] = [
  LIST_DOMAINS,
  GET_DOMAIN,
  RELEASE_DOMAIN,
  VERIFY_DOMAIN,
  BLOCK_DOMAIN,
  UNBLOCK_DOMAIN,
  TRANSFER_DOMAIN,
  REISSUE_CERTIFICATE,
];
