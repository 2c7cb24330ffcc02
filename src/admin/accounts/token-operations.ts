import { z } from 'zod';
import { tokenSchema } from '../../api/account/account-answers.js';
import {
  createTokenSchema,
  rotateTokenSchema,
  tokenIdSchema,
} from '../../api/account/account-requests.js';
import type { AdminOperation } from '../admin-operation.js';
import { PREFIX } from '../admin-schemas.js';
import { accountParams } from './account-schemas.js';

export const accountTokenSchema = tokenSchema
  .omit({ is_current: true })
  .meta({ id: 'AccountToken', description: 'A token of an account, without its value.' });

const newTokenSchema = z
  .strictObject({
    token: accountTokenSchema,
    value: z.string().meta({ description: 'Shown once: only its hash is stored.' }),
  })
  .meta({ id: 'AccountTokenWithValue' });

const tokenParams = z.object({
  ...accountParams.shape,
  id: tokenIdSchema,
});

export type AccountTokenAnswer = z.infer<typeof accountTokenSchema>;
export type NewAccountTokenAnswer = z.infer<typeof newTokenSchema>;

const PATH = `${PREFIX}/accounts/{email}/tokens`;

export const CREATE_TOKEN = {
  method: 'post',
  path: PATH,
  operationId: 'createAccountToken',
  summary: 'Create an API token',
  description: 'Where the answer was lost, rotate the token.',
  credentials: 'required',
  scope: 'write',
  params: accountParams,
  body: {
    schema: createTokenSchema.strict(),
    isRequired: true,
    example: { name: 'backup', scopes: ['read', 'create'], expires_in: 86_400 },
  },
  answers: { 201: { description: 'The token and its value.', schema: newTokenSchema } },
} as const satisfies AdminOperation;

export const ROTATE_TOKEN = {
  method: 'post',
  path: `${PATH}/{id}/rotate`,
  operationId: 'rotateAccountToken',
  summary: 'Give a token a new value',
  credentials: 'required',
  scope: 'write',
  params: tokenParams,
  body: {
    schema: rotateTokenSchema.strict(),
    isRequired: false,
    example: { overlap: 3600 },
  },
  answers: { 200: { description: 'The token and its new value.', schema: newTokenSchema } },
} as const satisfies AdminOperation;

export const REVOKE_TOKEN = {
  method: 'delete',
  path: `${PATH}/{id}`,
  operationId: 'revokeAccountToken',
  summary: 'Refuse a token from now on',
  credentials: 'required',
  scope: 'write',
  params: tokenParams,
  answers: {
    200: {
      description: 'The token that was revoked.',
      schema: z.strictObject({ token: accountTokenSchema, revoked: z.literal(true) }),
    },
  },
} as const satisfies AdminOperation;

export const TOKEN_OPERATIONS: readonly AdminOperation[] = [
  CREATE_TOKEN,
  ROTATE_TOKEN,
  REVOKE_TOKEN,
];
