import { z } from 'zod';
import type { Answer, Operation, RequestBody } from '../openapi/operation.js';
import * as answers from './v2-answers.js';
import { v2ErrorSchema } from './v2-errors.js';
import * as requests from './v2-requests.js';

const MEDIA_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
] as const;

const key = (what: string, example: string) =>
  z.object({ key: z.string().meta({ description: `The identifier of a ${what}.`, example }) });
const secretKey = key('secret: what its link has', 'abcdefghij0123456789klmnopqrst0');
const receiptKey = key('receipt', '0zyxwvutsrqponmlkjihgfedcba9876');

/** What every route can answer besides. */
/** Of the status, which no limit counts: monitors ask for it. */
const STATUS_ERRORS: Readonly<Record<number, Answer>> = {
  401: failure('Credentials that are not valid'),
  500: failure('A fault of the gateway'),
  503: failure('Not available now: try again after `retry_after` seconds'),
};
const LIMITED = failure(
  'Too many requests, or guesses at a passphrase: `retry_after` says when to go on',
);
const COMMON: Readonly<Record<number, Answer>> = {
  ...STATUS_ERRORS,
  403: failure('A token without the scope of the operation'),
  429: LIMITED,
};
const WITH_BODY: Readonly<Record<number, Answer>> = {
  ...COMMON,
  400: failure('A body that is not JSON although it says so'),
  408: failure('A body that did not arrive in time'),
  413: failure('A body of more than 1 MiB'),
  415: failure('A body with a Content-Encoding'),
  422: failure('A field that is not valid: `field` names it'),
};
const GONE: Readonly<Record<number, Answer>> = {
  404: failure('Gone: never made, malformed, expired, opened, burned or of another host'),
};
const FORBIDDEN: Readonly<Record<number, Answer>> = {
  403: failure(
    'The caller may not create on this host, or for this `share_domain`; or has a token without the scope',
  ),
};
const CREATED = success('The receipt and the secret, without its value', answers.createdAnswer);

function success(description: string, schema: z.ZodType): Answer {
  return { description, schema };
}

function failure(description: string): Answer {
  return { description, schema: v2ErrorSchema };
}

function body(schema: z.ZodType, example: unknown, isRequired = true): RequestBody {
  return { schema, mediaTypes: MEDIA_TYPES, isRequired, example };
}

const MADE = 'v2ConcealSecret';
/** Where the identifiers in a path come from. */
const FROM_SECRET = { key: { operationId: MADE, pointer: '/record/secret/identifier' } };
const FROM_RECEIPT = { key: { operationId: MADE, pointer: '/record/receipt/identifier' } };

const CONFIRMATION = { continue: true, passphrase: 'correct horse' };

const SERVICE: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v2/status',
    operationId: 'v2Status',
    summary: 'Whether the service works',
    credentials: 'optional',
    answers: { 200: success('It does', answers.serviceStatusAnswer), ...STATUS_ERRORS },
  },
  {
    method: 'get',
    path: '/api/v2/version',
    operationId: 'v2Version',
    summary: 'The version of the gateway',
    credentials: 'optional',
    answers: { 200: success('The version', answers.versionAnswer), ...STATUS_ERRORS, 429: LIMITED },
  },
  {
    method: 'get',
    path: '/api/v2/supported-locales',
    operationId: 'v2SupportedLocales',
    summary: 'The languages of the pages',
    credentials: 'optional',
    answers: {
      200: success('The languages', answers.localesAnswer),
      ...STATUS_ERRORS,
      429: LIMITED,
    },
  },
];

const SECRETS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v2/secret/conceal',
    aliases: ['/api/v2/guest/secret/conceal'],
    operationId: 'v2ConcealSecret',
    summary: 'Conceal a value',
    description: 'The guest route takes every caller for one without an account.',
    credentials: 'optional',
    scope: 'create',
    body: body(requests.concealSchema, { secret: { secret: 'hello', ttl: 3600 } }),
    answers: { 200: CREATED, ...WITH_BODY, ...FORBIDDEN },
  },
  {
    method: 'post',
    path: '/api/v2/secret/generate',
    aliases: ['/api/v2/guest/secret/generate'],
    operationId: 'v2GenerateSecret',
    summary: 'Conceal a value that the gateway makes',
    description: 'The receipt gives the value, once and within 60 seconds.',
    credentials: 'optional',
    scope: 'create',
    body: body(requests.generateSchema, { secret: { length: 20, ttl: 3600 } }, false),
    answers: { 200: CREATED, ...WITH_BODY, ...FORBIDDEN },
  },
  {
    method: 'get',
    path: '/api/v2/secret/{key}',
    aliases: ['/api/v2/guest/secret/{key}'],
    operationId: 'v2ShowSecret',
    summary: 'Look at a secret without opening it',
    description: 'Consumes nothing, with `continue` neither. The receipt counts the look.',
    credentials: 'optional',
    scope: 'read',
    params: secretKey,
    from: FROM_SECRET,
    answers: { 200: success('It is unread', answers.secretAnswer), ...COMMON, ...GONE },
  },
  {
    method: 'post',
    path: '/api/v2/secret/{key}/reveal',
    aliases: ['/api/v2/guest/secret/{key}/reveal'],
    operationId: 'v2RevealSecret',
    summary: 'Open a secret, once',
    description: 'A wrong passphrase is answered like a secret that is gone.',
    credentials: 'optional',
    scope: 'read',
    params: secretKey,
    from: FROM_SECRET,
    body: body(requests.revealSchema, CONFIRMATION),
    answers: {
      200: success('With `secret_value`, if `continue` is true', answers.secretAnswer),
      ...WITH_BODY,
      ...GONE,
    },
  },
  {
    method: 'get',
    path: '/api/v2/secret/{key}/status',
    operationId: 'v2SecretStatus',
    summary: 'Whether a secret is unread',
    credentials: 'optional',
    scope: 'read',
    params: secretKey,
    from: FROM_SECRET,
    answers: { 200: success('Its state; unknown: gone', answers.statusAnswer), ...COMMON },
  },
  {
    method: 'post',
    path: '/api/v2/secret/status',
    operationId: 'v2SecretStatusList',
    summary: 'Which of several secrets are unread',
    description: 'At most 100. Those that are gone are left out.',
    credentials: 'optional',
    scope: 'read',
    body: body(requests.statusListSchema, { identifiers: ['abcdefghij0123456789klmnopqrst0'] }),
    answers: { 200: success('The unread', answers.statusListAnswer), ...WITH_BODY },
  },
];

const RECEIPTS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v2/receipt/recent',
    aliases: ['/api/v2/private/recent'],
    operationId: 'v2RecentReceipts',
    summary: "The account's receipts of the last 30 days",
    description: "On a custom domain its owner's receipts of that domain. No record has a link.",
    credentials: 'required',
    scope: 'read',
    query: requests.recentQuerySchema,
    answers: {
      200: success('The latest change first, 1,000 at most', answers.recentAnswer),
      ...COMMON,
      403: failure('A `scope`, which no plan has; or a token without the scope of the operation'),
    },
  },
  {
    method: 'get',
    path: '/api/v2/receipt/{key}',
    aliases: ['/api/v2/private/{key}', '/api/v2/guest/receipt/{key}'],
    operationId: 'v2ShowReceipt',
    summary: 'What became of a secret',
    credentials: 'optional',
    scope: 'read',
    params: receiptKey,
    from: FROM_RECEIPT,
    answers: { 200: success('The receipt', answers.receiptAnswer), ...COMMON, ...GONE },
  },
  {
    method: 'patch',
    path: '/api/v2/receipt/{key}',
    aliases: ['/api/v2/private/{key}'],
    operationId: 'v2WriteMemo',
    summary: 'Note something on an own receipt',
    credentials: 'required',
    scope: 'create',
    params: receiptKey,
    from: FROM_RECEIPT,
    body: body(requests.memoSchema, { memo: 'for Ann' }),
    answers: {
      200: success('The receipt', answers.memoAnswer),
      ...WITH_BODY,
      ...GONE,
      401: failure('Not the owner, or credentials that are not valid'),
    },
  },
  {
    method: 'post',
    path: '/api/v2/receipt/{key}/burn',
    aliases: ['/api/v2/private/{key}/burn', '/api/v2/guest/receipt/{key}/burn'],
    operationId: 'v2BurnSecret',
    summary: 'Destroy an unread secret',
    description: 'A wrong passphrase is 422. What is gone is 404.',
    credentials: 'optional',
    scope: 'create',
    params: receiptKey,
    from: FROM_RECEIPT,
    body: body(requests.burnSchema, CONFIRMATION),
    answers: { 200: success('It is burned', answers.burnedAnswer), ...WITH_BODY, ...GONE },
  },
];

/** Every operation of API v2. */
export const V2_OPERATIONS: readonly Operation[] = [...SERVICE, ...SECRETS, ...RECEIPTS];
