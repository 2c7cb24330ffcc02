import type { Answers, Operation, RequestBody } from '../openapi/operation.js';
import {
  burnedSchema,
  fetchedSchema,
  generatedSchema,
  recentSchema,
  revealedSchema,
  sharedSchema,
  statusSchema,
} from './v1-answers.js';
import {
  generateSchema,
  metadataParams,
  passphraseSchema,
  secretParams,
  shareSchema,
  V1_MEDIA_TYPES,
} from './v1-requests.js';

const PREFIX = '/api/v1';

const PASSPHRASE: RequestBody = {
  schema: passphraseSchema,
  mediaTypes: V1_MEDIA_TYPES,
  isRequired: false,
};

function ok(description: string, schema: NonNullable<Answers[number]['schema']>): Answers {
  return { 200: { description, schema } };
}

/** The paths below each name that upstream has given receipts. */
function receiptPaths(rest: string): Pick<Operation, 'path' | 'aliases'> {
  const [path = '', ...aliases] = ['private', 'metadata', 'receipt'].map(
    (name) => `${PREFIX}/${name}/${rest}`,
  );
  return { path, aliases };
}

const FROM_SHARED = { operationId: 'v1Share' } as const;

const SERVICE: readonly Operation[] = [
  {
    method: 'get',
    path: `${PREFIX}/status`,
    operationId: 'v1Status',
    summary: 'Whether the service answers',
    credentials: 'optional',
    answers: ok('It does.', statusSchema),
  },
  {
    method: 'get',
    path: `${PREFIX}/authcheck`,
    operationId: 'v1AuthCheck',
    summary: 'Whether the credentials are valid',
    credentials: 'required',
    answers: ok('They are.', statusSchema),
  },
];

const SECRETS: readonly Operation[] = [
  {
    method: 'post',
    path: `${PREFIX}/share`,
    aliases: [`${PREFIX}/create`],
    operationId: 'v1Share',
    summary: 'Conceal a value',
    description: 'The link for the recipient is `https://HOST/secret/` and the `secret_key`.',
    credentials: 'optional',
    scope: 'create',
    body: {
      schema: shareSchema,
      mediaTypes: V1_MEDIA_TYPES,
      isRequired: true,
      example: { secret: 'the code is 4711', ttl: 3600 },
    },
    answers: ok('The secret is stored.', sharedSchema),
  },
  {
    method: 'post',
    path: `${PREFIX}/generate`,
    operationId: 'v1Generate',
    summary: 'Conceal a new random value',
    credentials: 'optional',
    scope: 'create',
    body: {
      schema: generateSchema,
      mediaTypes: V1_MEDIA_TYPES,
      isRequired: false,
      example: { ttl: 3600, length: 20 },
    },
    answers: ok('The secret is stored. Only this answer has its value.', generatedSchema),
  },
  {
    method: 'post',
    path: `${PREFIX}/secret/{key}`,
    operationId: 'v1Reveal',
    summary: 'Read a secret, once',
    description: 'The value is deleted by the answer. A wrong passphrase deletes nothing.',
    credentials: 'optional',
    scope: 'read',
    params: secretParams,
    from: { key: { ...FROM_SHARED, pointer: '/secret_key' } },
    body: PASSPHRASE,
    answers: ok('The value.', revealedSchema),
  },
];

const RECEIPTS: readonly Operation[] = [
  ...(['get', 'post'] as const).map((method): Operation => ({
    method,
    ...receiptPaths('recent'),
    operationId: method === 'get' ? 'v1Recent' : 'v1RecentByPost',
    summary: "The account's receipts of the last 30 days",
    credentials: 'required',
    scope: 'read',
    answers: ok('The newest first.', recentSchema),
  })),
  ...(['get', 'post'] as const).map((method): Operation => ({
    method,
    ...receiptPaths('{key}'),
    operationId: method === 'get' ? 'v1Receipt' : 'v1ReceiptByPost',
    summary: 'Read a receipt',
    description: 'It tells what became of the secret. It does not delete the value.',
    credentials: 'optional',
    scope: 'read',
    params: metadataParams,
    from: { key: { ...FROM_SHARED, pointer: '/metadata_key' } },
    answers: ok('The receipt.', fetchedSchema),
  })),
  {
    method: 'post',
    ...receiptPaths('{key}/burn'),
    operationId: 'v1Burn',
    summary: 'Delete a secret that nobody has read',
    credentials: 'optional',
    scope: 'create',
    params: metadataParams,
    from: { key: { ...FROM_SHARED, pointer: '/metadata_key' } },
    body: PASSPHRASE,
    answers: ok('It is deleted.', burnedSchema),
  },
];

/** API v1. */
export const V1_OPERATIONS: readonly Operation[] = [...SERVICE, ...SECRETS, ...RECEIPTS];
