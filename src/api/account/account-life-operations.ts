import type { Operation } from '../openapi/operation.js';
import { IDEMPOTENT, repeatable } from '../domains/domain-operations.js';
import { tryLaterAnswer } from '../openapi/typed-error-answers.js';
import {
  cancelledAnswerSchema,
  closedAnswerSchema,
  closingAnswerSchema,
  emailChangeAnswerSchema,
  exportSchema,
} from './account-answers.js';
import { closeSchema, emailChangeSchema, emailCodeSchema } from './account-requests.js';

/** The operations on an account as a whole: its address and its end. */
export const LIFE_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/account/email-change',
    operationId: 'requestEmailChange',
    summary: 'Ask for a change of address',
    description:
      'Sends a code to the old address and one to the new one, valid for a day. A later request takes the place of an ' +
      'earlier one. Answers alike whether the new address has an account or not.',
    credentials: 'required',
    scope: 'account',
    body: { schema: emailChangeSchema, isRequired: true, example: { email: 'new@example.com' } },
    headers: IDEMPOTENT,
    answers: repeatable({
      202: { description: 'The codes are on their way.', schema: emailChangeAnswerSchema },
      503: tryLaterAnswer(
        'MailUnavailable',
        'Temporarily unavailable; with `MAIL_NOT_CONFIGURED`: no mail is sent here.',
      ),
    }),
  },
  {
    method: 'get',
    path: '/api/account/email-change',
    operationId: 'showEmailChange',
    summary: 'Show the pending change of address',
    credentials: 'required',
    scope: 'read',
    answers: {
      200: { description: 'What is confirmed.', schema: emailChangeAnswerSchema },
    },
  },
  {
    method: 'post',
    path: '/api/account/email-change/confirm',
    operationId: 'confirmEmailChange',
    summary: 'Confirm one of the two addresses',
    description:
      'By the code that it got. The second confirmation changes the address, with which credentials then sign in. Ten ' +
      'wrong codes end the request.',
    credentials: 'required',
    scope: 'account',
    body: {
      schema: emailCodeSchema,
      isRequired: true,
      example: { code: 'ab12-cd34-ef56-gh78' },
    },
    answers: {
      200: { description: 'What is confirmed.', schema: emailChangeAnswerSchema },
    },
  },
  {
    method: 'delete',
    path: '/api/account/email-change',
    operationId: 'cancelEmailChange',
    summary: 'Cancel the pending change of address',
    description: 'Its codes are void.',
    credentials: 'required',
    scope: 'account',
    answers: {
      200: { description: 'It is cancelled.', schema: cancelledAnswerSchema },
    },
  },
  {
    method: 'get',
    path: '/api/account/export',
    operationId: 'exportAccount',
    summary: 'Download everything that is kept about the account',
    description:
      'One JSON file: account, tokens, domains with their timelines, secrets (what became of them), activity. No values, ' +
      'keys or hashes.',
    credentials: 'required',
    scope: 'account',
    answers: { 200: { description: 'The file.', schema: exportSchema } },
  },
  {
    method: 'get',
    path: '/api/account/closing',
    operationId: 'previewClosing',
    summary: 'See what closing the account destroys',
    description: 'With the confirmation that closing needs.',
    credentials: 'required',
    scope: 'account',
    answers: { 200: { description: 'What goes.', schema: closingAnswerSchema } },
  },
  {
    method: 'post',
    path: '/api/account/closing',
    operationId: 'closeAccount',
    summary: 'Close the account',
    description:
      'Burns its unread secrets, releases its domains and revokes its tokens, for good. Refused with `CLOSING_CHANGED` ' +
      'when a secret or a domain was added after the preview.',
    credentials: 'required',
    scope: 'account',
    body: {
      schema: closeSchema,
      isRequired: true,
      example: { confirmation: '1795430000000000.mac' },
    },
    answers: {
      200: { description: 'It is closed.', schema: closedAnswerSchema },
    },
  },
];
