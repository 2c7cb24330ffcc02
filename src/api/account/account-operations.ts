import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import {
  accountAnswerSchema,
  activityAnswerSchema,
  apiTokenAnswerSchema,
  newTokenAnswerSchema,
  tokenAnswerSchema,
  tokensAnswerSchema,
} from './account-answers.js';
import {
  activityQuerySchema,
  createTokenSchema,
  rotateTokenSchema,
  tokenIdSchema,
} from './account-requests.js';
import { INVALID, LIFE_OPERATIONS, NOT_FOUND, REFUSALS } from './account-life-operations.js';

const tokenParams = z.object({ id: tokenIdSchema });

/** The operations of the account's own API, on the region's host only. */
export const ACCOUNT_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/account',
    operationId: 'showAccount',
    summary: 'Show the account',
    description: 'Plan, entitlements, limits and what of each is used. Scope: `read`.',
    credentials: 'required',
    answers: { 200: { description: 'The account.', schema: accountAnswerSchema }, ...REFUSALS },
  },
  {
    method: 'get',
    path: '/api/account/activity',
    operationId: 'listAccountActivity',
    summary: 'List what was done to the account',
    description: 'The newest first, of the last 90 days. Scope: `read`.',
    credentials: 'required',
    query: activityQuerySchema,
    answers: {
      200: { description: 'One page.', schema: activityAnswerSchema },
      ...REFUSALS,
      ...INVALID,
    },
  },
  {
    method: 'get',
    path: '/api/account/tokens',
    operationId: 'listTokens',
    summary: 'List the API tokens',
    description: 'Without their values. Scope: `read`.',
    credentials: 'required',
    answers: { 200: { description: 'All tokens.', schema: tokensAnswerSchema }, ...REFUSALS },
  },
  {
    method: 'post',
    path: '/api/account/tokens',
    operationId: 'createToken',
    summary: 'Create an API token',
    description:
      'The value is shown this once. A name is used once: a request that is sent again is refused with `TOKEN_EXISTS`. ' +
      'A token gives no scope that it does not have. Scope: `account`.',
    credentials: 'required',
    body: {
      schema: createTokenSchema,
      isRequired: true,
      example: { name: 'backup', scopes: ['read', 'create'], expires_in: 7_776_000 },
    },
    answers: {
      201: { description: 'The token and its value.', schema: newTokenAnswerSchema },
      ...REFUSALS,
      ...INVALID,
    },
  },
  {
    method: 'post',
    path: '/api/account/tokens/{id}/rotate',
    operationId: 'rotateToken',
    summary: 'Give an API token a new value',
    description:
      'Id, name and scopes stay. The value before is valid for the overlap. Scope: `account`.',
    credentials: 'required',
    params: tokenParams,
    body: { schema: rotateTokenSchema, isRequired: false, example: { overlap: 3600 } },
    answers: {
      200: { description: 'The token and its new value.', schema: newTokenAnswerSchema },
      ...REFUSALS,
      ...NOT_FOUND,
      ...INVALID,
    },
  },
  {
    method: 'delete',
    path: '/api/account/tokens/{id}',
    operationId: 'revokeToken',
    summary: 'Revoke an API token',
    description: 'It is refused from the next request on. Scope: `account`.',
    credentials: 'required',
    params: tokenParams,
    answers: {
      200: { description: 'The token as it was.', schema: tokenAnswerSchema },
      ...REFUSALS,
      ...NOT_FOUND,
    },
  },
  {
    method: 'post',
    path: '/api/account/apitoken',
    operationId: 'renewApiToken',
    summary: "Renew the caller's own API token",
    description:
      'For clients of the upstream API: a new value in place of the old one at once. Scope: `account`.',
    credentials: 'required',
    answers: {
      200: { description: 'The new value.', schema: apiTokenAnswerSchema },
      ...REFUSALS,
      ...INVALID,
    },
  },
  ...LIFE_OPERATIONS,
];
