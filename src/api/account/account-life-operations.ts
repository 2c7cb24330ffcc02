import type { Answer, Operation } from '../openapi/operation.js';
import { typedErrorSchema } from '../typed-errors.js';
import {
  cancelledAnswerSchema,
  closedAnswerSchema,
  closingAnswerSchema,
  emailChangeAnswerSchema,
  exportSchema,
} from './account-answers.js';
import { closeSchema, emailChangeSchema, emailCodeSchema } from './account-requests.js';

const refused = (description: string): Answer => ({ description, schema: typedErrorSchema });

export const REFUSALS = {
  401: refused('No credentials, or credentials that do not sign in.'),
  403: refused('The token does not have the scope.'),
  429: refused('A limit is used up.'),
  503: refused('Temporarily unavailable.'),
};
export const NOT_FOUND = { 404: refused("Unknown, malformed, or another account's.") };
export const INVALID = { 422: refused('The request is not valid: see `field` and `code`.') };

const NONE_PENDING = { 404: refused('No change of address is pending.') };

/** The operations on an account as a whole: its address and its end. */
export const LIFE_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/account/email-change',
    operationId: 'requestEmailChange',
    summary: 'Ask for a change of address',
    description:
      'Sends a code to the old address and one to the new one, valid for a day. A later request takes the place of an ' +
      'earlier one. Answers alike whether the new address has an account or not. Scope: `account`.',
    credentials: 'required',
    body: { schema: emailChangeSchema, isRequired: true, example: { email: 'new@example.com' } },
    answers: {
      202: { description: 'The codes are on their way.', schema: emailChangeAnswerSchema },
      ...REFUSALS,
      ...INVALID,
      503: refused('Temporarily unavailable; with `MAIL_NOT_CONFIGURED`: no mail is sent here.'),
    },
  },
  {
    method: 'get',
    path: '/api/account/email-change',
    operationId: 'showEmailChange',
    summary: 'Show the pending change of address',
    description: 'Scope: `read`.',
    credentials: 'required',
    answers: {
      200: { description: 'What is confirmed.', schema: emailChangeAnswerSchema },
      ...REFUSALS,
      ...NONE_PENDING,
    },
  },
  {
    method: 'post',
    path: '/api/account/email-change/confirm',
    operationId: 'confirmEmailChange',
    summary: 'Confirm one of the two addresses',
    description:
      'By the code that it got. The second confirmation changes the address, with which credentials then sign in. Ten ' +
      'wrong codes end the request. Scope: `account`.',
    credentials: 'required',
    body: {
      schema: emailCodeSchema,
      isRequired: true,
      example: { code: 'ab12-cd34-ef56-gh78' },
    },
    answers: {
      200: { description: 'What is confirmed.', schema: emailChangeAnswerSchema },
      ...REFUSALS,
      ...NONE_PENDING,
      ...INVALID,
    },
  },
  {
    method: 'delete',
    path: '/api/account/email-change',
    operationId: 'cancelEmailChange',
    summary: 'Cancel the pending change of address',
    description: 'Its codes are void. Scope: `account`.',
    credentials: 'required',
    answers: {
      200: { description: 'It is cancelled.', schema: cancelledAnswerSchema },
      ...REFUSALS,
      ...NONE_PENDING,
    },
  },
  {
    method: 'get',
    path: '/api/account/export',
    operationId: 'exportAccount',
    summary: 'Download everything that is kept about the account',
    description:
      'One JSON file: account, tokens, domains with their timelines, secrets (what became of them), activity. No values, ' +
      'keys or hashes. Scope: `account`.',
    credentials: 'required',
    answers: { 200: { description: 'The file.', schema: exportSchema }, ...REFUSALS },
  },
  {
    method: 'get',
    path: '/api/account/closing',
    operationId: 'previewClosing',
    summary: 'See what closing the account destroys',
    description: 'With the confirmation that closing needs. Scope: `account`.',
    credentials: 'required',
    answers: { 200: { description: 'What goes.', schema: closingAnswerSchema }, ...REFUSALS },
  },
  {
    method: 'post',
    path: '/api/account/closing',
    operationId: 'closeAccount',
    summary: 'Close the account',
    description:
      'Burns its unread secrets, releases its domains and revokes its tokens, for good. Refused with `CLOSING_CHANGED` ' +
      'when a secret or a domain was added after the preview. Scope: `account`.',
    credentials: 'required',
    body: {
      schema: closeSchema,
      isRequired: true,
      example: { confirmation: '1795430000000000.mac' },
    },
    answers: {
      200: { description: 'It is closed.', schema: closedAnswerSchema },
      ...REFUSALS,
      ...INVALID,
    },
  },
];
