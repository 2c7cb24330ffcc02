import { z } from 'zod';
import type { Operation } from '../openapi/operation.js';
import { INVALID_REQUEST } from '../openapi/typed-error-answers.js';
import {
  endedSessionsAnswerSchema,
  passkeyAnswerSchema,
  passkeyOptionsAnswerSchema,
  passkeysAnswerSchema,
  passwordAnswerSchema,
  recoveryCodesAnswerSchema,
  secondFactorAnswerSchema,
  sessionAnswerSchema,
  sessionsAnswerSchema,
  totpAnswerSchema,
} from './sign-in-answers.js';
import {
  codeSchema,
  passkeyIdSchema,
  passkeyNameSchema,
  passkeySchema,
  passwordSchema,
  sessionIdSchema,
} from './sign-in-requests.js';

const shown = { method: 'get', credentials: 'required', scope: 'read' } as const;
const changed = { credentials: 'required', scope: 'account' } as const;
/** Not by an API token: 403 `SESSION_NEEDED`; and after ten minutes 403 `SIGN_IN_AGAIN`. */
const byBrowser = { credentials: 'session', scope: 'account' } as const;

const ofSession = {
  params: z.object({ id: sessionIdSchema }),
  from: { id: { operationId: 'listSessions', pointer: '/records/0/id' } },
} as const;

const ofPasskey = {
  params: z.object({ id: passkeyIdSchema }),
  from: { id: { operationId: 'listPasskeys', pointer: '/records/0/id' } },
} as const;

const SESSION_OPERATIONS: readonly Operation[] = [
  {
    ...shown,
    path: '/api/account/sessions',
    operationId: 'listSessions',
    summary: 'List the browsers that are signed in',
    answers: { 200: { description: 'All sessions.', schema: sessionsAnswerSchema } },
  },
  {
    ...changed,
    ...ofSession,
    method: 'delete',
    path: '/api/account/sessions/{id}',
    operationId: 'revokeSession',
    summary: 'Sign a browser out',
    description: 'From its next request on.',
    answers: { 200: { description: 'The session as it was.', schema: sessionAnswerSchema } },
  },
  {
    ...changed,
    method: 'delete',
    path: '/api/account/sessions',
    operationId: 'revokeOtherSessions',
    summary: 'Sign all other browsers out',
    description: 'All but the one that asks.',
    answers: { 200: { description: 'How many it were.', schema: endedSessionsAnswerSchema } },
  },
];

const PASSWORD_OPERATIONS: readonly Operation[] = [
  {
    ...shown,
    path: '/api/account/password',
    operationId: 'showPassword',
    summary: 'Show whether the account has a password',
    answers: { 200: { description: 'Whether, and since when.', schema: passwordAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'put',
    path: '/api/account/password',
    operationId: 'setPassword',
    summary: 'Set the password',
    description: 'All other browsers are signed out, and this one gets a new cookie.',
    body: {
      schema: passwordSchema,
      isRequired: true,
      example: { password: 'a quiet harbour at dawn' },
    },
    answers: { 200: { description: 'It is set.', schema: passwordAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'delete',
    path: '/api/account/password',
    operationId: 'removePassword',
    summary: 'Remove the password',
    description: 'For whoever signs in with a passkey.',
    answers: {
      200: { description: 'It is removed.', schema: passwordAnswerSchema },
      422: { ...INVALID_REQUEST, id: 'PasskeyNeeded', description: 'Nothing else signs in.' },
    },
  },
];

const PASSKEY_OPERATIONS: readonly Operation[] = [
  {
    ...shown,
    path: '/api/account/passkeys',
    operationId: 'listPasskeys',
    summary: 'List the passkeys',
    answers: { 200: { description: 'All passkeys.', schema: passkeysAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'post',
    path: '/api/account/passkeys/options',
    operationId: 'beginPasskey',
    summary: 'Ask for what the browser needs to make a passkey',
    description: 'Valid for five minutes and one passkey.',
    answers: { 200: { description: 'The options.', schema: passkeyOptionsAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'post',
    path: '/api/account/passkeys',
    operationId: 'addPasskey',
    summary: 'Add a passkey',
    body: {
      schema: passkeySchema,
      isRequired: true,
      example: { name: 'My phone', response: { id: 'x', type: 'public-key' } },
    },
    answers: { 201: { description: 'The passkey.', schema: passkeyAnswerSchema } },
  },
  {
    ...byBrowser,
    ...ofPasskey,
    method: 'patch',
    path: '/api/account/passkeys/{id}',
    operationId: 'renamePasskey',
    summary: 'Rename a passkey',
    body: { schema: passkeyNameSchema, isRequired: true, example: { name: 'My old phone' } },
    answers: { 200: { description: 'The passkey.', schema: passkeyAnswerSchema } },
  },
  {
    ...byBrowser,
    ...ofPasskey,
    method: 'delete',
    path: '/api/account/passkeys/{id}',
    operationId: 'removePasskey',
    summary: 'Remove a passkey',
    answers: { 200: { description: 'The passkey as it was.', schema: passkeyAnswerSchema } },
  },
];

const SECOND_FACTOR_OPERATIONS: readonly Operation[] = [
  {
    ...shown,
    path: '/api/account/second-factor',
    operationId: 'showSecondFactor',
    summary: 'Show whether a code is asked for beside the password',
    answers: { 200: { description: 'The state.', schema: secondFactorAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'post',
    path: '/api/account/second-factor',
    operationId: 'beginSecondFactor',
    summary: 'Set up an authenticator app',
    description: 'It counts once a code of it is confirmed.',
    answers: {
      200: { description: 'What the app needs.', schema: totpAnswerSchema },
      422: { ...INVALID_REQUEST, id: 'SecondFactorOn', description: 'The account has one.' },
    },
  },
  {
    ...byBrowser,
    method: 'post',
    path: '/api/account/second-factor/confirm',
    operationId: 'confirmSecondFactor',
    summary: 'Confirm the authenticator app',
    description: 'From then on a code is asked for beside the password.',
    body: { schema: codeSchema, isRequired: true, example: { code: '123456' } },
    answers: { 200: { description: 'The recovery codes.', schema: recoveryCodesAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'post',
    path: '/api/account/second-factor/recovery-codes',
    operationId: 'renewRecoveryCodes',
    summary: 'Replace the recovery codes',
    description: 'The codes before are void.',
    answers: { 200: { description: 'The new codes.', schema: recoveryCodesAnswerSchema } },
  },
  {
    ...byBrowser,
    method: 'delete',
    path: '/api/account/second-factor',
    operationId: 'removeSecondFactor',
    summary: 'Remove the authenticator app',
    description: 'With its recovery codes.',
    answers: { 200: { description: 'It is removed.', schema: secondFactorAnswerSchema } },
  },
];

/** How browsers sign in to the account. On the region's host only. */
export const SIGN_IN_OPERATIONS: readonly Operation[] = [
  ...SESSION_OPERATIONS,
  ...PASSWORD_OPERATIONS,
  ...PASSKEY_OPERATIONS,
  ...SECOND_FACTOR_OPERATIONS,
];
