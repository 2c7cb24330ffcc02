import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import { INVALID_REQUEST } from '../openapi/typed-error-answers.js';
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
  changeAccountSchema,
  createTokenSchema,
  rotateTokenSchema,
  tokenIdSchema,
} from './account-requests.js';
import { LIFE_OPERATIONS } from './account-life-operations.js';
import { SIGN_IN_OPERATIONS } from './sign-in-operations.js';
import { WEBHOOK_OPERATIONS } from './webhook-operations.js';

const tokenParams = z.object({ id: tokenIdSchema });

/** The operations of the account's own API, on the region's host only. */
export const ACCOUNT_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/account',
    operationId: 'showAccount',
    summary: 'Show the account',
    description: 'Plan, entitlements, limits and what of each is used.',
    credentials: 'required',
    scope: 'read',
    answers: { 200: { description: 'The account.', schema: accountAnswerSchema } },
  },
  {
    method: 'patch',
    path: '/api/account',
    operationId: 'changeAccount',
    summary: 'Change the settings of the account',
    credentials: 'required',
    scope: 'account',
    body: {
      schema: changeAccountSchema,
      isRequired: true,
      example: { language: 'de', notices: true },
    },
    answers: { 200: { description: 'The account.', schema: accountAnswerSchema } },
  },
  {
    method: 'get',
    path: '/api/account/activity',
    operationId: 'listAccountActivity',
    summary: 'List what was done to the account',
    description: 'The newest first, of the last 90 days.',
    credentials: 'required',
    scope: 'read',
    query: activityQuerySchema,
    answers: {
      200: { description: 'One page.', schema: activityAnswerSchema },
      422: INVALID_REQUEST,
    },
  },
  {
    method: 'get',
    path: '/api/account/tokens',
    operationId: 'listTokens',
    summary: 'List the API tokens',
    description: 'Without their values.',
    credentials: 'required',
    scope: 'read',
    answers: { 200: { description: 'All tokens.', schema: tokensAnswerSchema } },
  },
  {
    method: 'post',
    path: '/api/account/tokens',
    operationId: 'createToken',
    summary: 'Create an API token',
    description:
      'The value is shown this once. A name is used once: a request that is sent again is refused with `TOKEN_EXISTS`. ' +
      'A token gives no scope that it does not have.',
    credentials: 'required',
    scope: 'account',
    body: {
      schema: createTokenSchema,
      isRequired: true,
      example: { name: 'backup', scopes: ['read', 'create'], expires_in: 7_776_000 },
    },
    answers: {
      201: { description: 'The token and its value.', schema: newTokenAnswerSchema },
    },
  },
  {
    method: 'post',
    path: '/api/account/tokens/{id}/rotate',
    operationId: 'rotateToken',
    summary: 'Give an API token a new value',
    description: 'Id, name and scopes stay. The value before is valid for the overlap.',
    credentials: 'required',
    scope: 'account',
    params: tokenParams,
    from: { id: { operationId: 'createToken', pointer: '/record/id' } },
    body: { schema: rotateTokenSchema, isRequired: false, example: { overlap: 3600 } },
    answers: {
      200: { description: 'The token and its new value.', schema: newTokenAnswerSchema },
    },
  },
  {
    method: 'delete',
    path: '/api/account/tokens/{id}',
    operationId: 'revokeToken',
    summary: 'Revoke an API token',
    description: 'It is refused from the next request on.',
    credentials: 'required',
    scope: 'account',
    params: tokenParams,
    from: { id: { operationId: 'createToken', pointer: '/record/id' } },
    answers: {
      200: { description: 'The token as it was.', schema: tokenAnswerSchema },
    },
  },
  {
    method: 'post',
    path: '/api/account/apitoken',
    operationId: 'renewApiToken',
    summary: "Renew the caller's own API token",
    description: 'For clients of the upstream API: a new value in place of the old one at once.',
    credentials: 'required',
    scope: 'account',
    answers: {
      200: { description: 'The new value.', schema: apiTokenAnswerSchema },
    },
  },
  ...SIGN_IN_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...LIFE_OPERATIONS,
];
