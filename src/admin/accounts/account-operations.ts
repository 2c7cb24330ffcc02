import { z } from 'zod';
import { ACCOUNT_PLANS } from '../../accounts/plans.js';
import { INVALID_REQUEST } from '../../api/openapi/typed-error-answers.js';
import { LANGUAGES } from '../../shared/language.js';
import type { AdminOperation } from '../admin-operation.js';
import { instant, nextCursor, pageQuery, PREFIX, regionParams } from '../admin-schemas.js';
import { accountParams, email } from './account-schemas.js';
import { accountTokenSchema, TOKEN_OPERATIONS } from './token-operations.js';

const plan = z
  .enum(ACCOUNT_PLANS, { error: `plan is one of ${ACCOUNT_PLANS.join(', ')}` })
  .meta({ example: 'identity_plus' });

const language = z
  .enum(LANGUAGES, { error: `language is one of ${LANGUAGES.join(', ')}, or null` })
  .nullable()
  .meta({ description: 'Of mails to its address; null: the default.', example: 'de' });

const accountFields = {
  id: z.uuid(),
  email: z.string(),
  plan: z.enum(ACCOUNT_PLANS),
  state: z
    .enum(['active', 'suspended', 'closing'])
    .meta({ description: 'closing: it is being removed.' }),
  language: z.enum(LANGUAGES).nullable(),
  region: z.string(),
  created_at: instant,
  updated_at: instant,
};

const accountSchema = z.object(accountFields).meta({ id: 'Account' });

const accountDetailsSchema = z
  .object({
    ...accountFields,
    tokens: z.array(accountTokenSchema),
  })
  .meta({ id: 'AccountDetails', description: 'With the valid tokens, never their values.' });

const issuedTokenSchema = z
  .object({
    account: accountSchema,
    token: z.string().meta({ description: 'Shown once: only its hash is stored.' }),
  })
  .meta({ id: 'IssuedToken' });

const STATE_ANSWERS = {
  200: { description: 'The account.', schema: accountSchema },
  422: { ...INVALID_REQUEST, id: 'AccountClosing', description: 'The account is being removed.' },
} as const;

export type AccountAnswer = z.infer<typeof accountSchema>;
export type AccountDetailsAnswer = z.infer<typeof accountDetailsSchema>;

export const LIST_ACCOUNTS = {
  method: 'get',
  path: `${PREFIX}/accounts`,
  operationId: 'listAccounts',
  summary: 'Accounts, in the order of their addresses',
  credentials: 'required',
  scope: 'read',
  params: regionParams,
  query: z.object({
    ...pageQuery.shape,
    email: email.optional().meta({ description: 'Only the account with this address.' }),
  }),
  answers: {
    200: {
      description: 'A page of accounts.',
      schema: z.object({ accounts: z.array(accountSchema), next_cursor: nextCursor }),
    },
  },
} as const satisfies AdminOperation;

export const CREATE_ACCOUNT = {
  method: 'post',
  path: `${PREFIX}/accounts`,
  operationId: 'createAccount',
  summary: 'Create an account',
  description: 'The token is shown once. Where the answer was lost, rotate the token.',
  credentials: 'required',
  scope: 'write',
  params: regionParams,
  body: {
    schema: z.strictObject({
      email,
      plan: plan.prefault('basic'),
      language: language.default(null),
    }),
    isRequired: true,
    example: { email: 'ann@example.com', plan: 'identity_plus' },
  },
  answers: { 201: { description: 'The account and its first token.', schema: issuedTokenSchema } },
} as const satisfies AdminOperation;

export const GET_ACCOUNT = {
  method: 'get',
  path: `${PREFIX}/accounts/{email}`,
  operationId: 'getAccount',
  summary: 'One account',
  credentials: 'required',
  scope: 'read',
  params: accountParams,
  answers: { 200: { description: 'The account.', schema: accountDetailsSchema } },
} as const satisfies AdminOperation;

export const CHANGE_PLAN = {
  method: 'put',
  path: `${PREFIX}/accounts/{email}/plan`,
  operationId: 'changeAccountPlan',
  summary: 'Change the plan',
  credentials: 'required',
  scope: 'write',
  params: accountParams,
  body: {
    schema: z.strictObject({ plan }),
    isRequired: true,
    example: { plan: 'identity_plus' },
  },
  answers: { 200: { description: 'The account.', schema: accountSchema } },
} as const satisfies AdminOperation;

export const CHANGE_LANGUAGE = {
  method: 'put',
  path: `${PREFIX}/accounts/{email}/language`,
  operationId: 'changeAccountLanguage',
  summary: 'Change the language of its mails',
  credentials: 'required',
  scope: 'write',
  params: accountParams,
  body: {
    schema: z.strictObject({ language }),
    isRequired: true,
    example: { language: 'de' },
  },
  answers: { 200: { description: 'The account.', schema: accountSchema } },
} as const satisfies AdminOperation;

export const SUSPEND_ACCOUNT = {
  method: 'post',
  path: `${PREFIX}/accounts/{email}/suspend`,
  operationId: 'suspendAccount',
  summary: 'Refuse its tokens',
  credentials: 'required',
  scope: 'write',
  params: accountParams,
  answers: STATE_ANSWERS,
} as const satisfies AdminOperation;

export const RESUME_ACCOUNT = {
  method: 'post',
  path: `${PREFIX}/accounts/{email}/resume`,
  operationId: 'resumeAccount',
  summary: 'Accept its tokens again',
  credentials: 'required',
  scope: 'write',
  params: accountParams,
  answers: STATE_ANSWERS,
} as const satisfies AdminOperation;

export const REMOVE_ACCOUNT = {
  method: 'delete',
  path: `${PREFIX}/accounts/{email}`,
  operationId: 'removeAccount',
  summary: 'Burn its unread secrets, release its domains and delete it',
  description:
    'Its credentials are refused at once. It is deleted a minute later, when requests that were let in before have ended and what they added is burned; then its address is free again.',
  credentials: 'required',
  scope: 'write',
  params: accountParams,
  answers: {
    200: {
      description: 'It is being removed.',
      schema: z.object({ email: z.string(), region: z.string(), removed: z.literal(true) }),
    },
  },
} as const satisfies AdminOperation;

export const ACCOUNT_OPERATIONS: readonly AdminOperation[] = [
  LIST_ACCOUNTS,
  CREATE_ACCOUNT,
  GET_ACCOUNT,
  CHANGE_PLAN,
  CHANGE_LANGUAGE,
  SUSPEND_ACCOUNT,
  RESUME_ACCOUNT,
  REMOVE_ACCOUNT,
  ...TOKEN_OPERATIONS,
];
