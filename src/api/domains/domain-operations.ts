import { z } from 'zod';
import type { Answers, Operation } from '../openapi/operation.js';
import { INVALID_REQUEST, tryLaterAnswer } from '../openapi/typed-error-answers.js';
import {
  apiConfigAnswerSchema,
  domainAnswerSchema,
  domainsAnswerSchema,
  eventsAnswerSchema,
  homepageConfigAnswerSchema,
  removalAnswerSchema,
} from './domain-answers.js';
import { IMAGE_OPERATIONS } from './domain-image-operations.js';
import { BRAND_OPERATIONS } from './domain-brand-operations.js';
import { policyAnswerSchema, policySchema } from './domain-policy-requests.js';
import { SETUP_LINK_OPERATIONS } from './setup-link-operations.js';
import { TRANSFER_OPERATIONS } from './transfer-operations.js';
import {
  adviceSchema,
  certificateUploadSchema,
  claimSchema,
  dryRunSchema,
  eventsSchema,
  extidSchema,
  listSchema,
  revokeSchema,
  toggleSchema,
} from './domain-requests.js';

const PREFIX = '/api/domains';
const OF_ONE = `${PREFIX}/{id}`;

export const IDEMPOTENT = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description: 'For 24 hours the same request with the same key gets the same answer.',
    example: '7f2c1a52-claim',
  }),
});

type Common = Pick<Operation, 'credentials' | 'scope'>;
const SIGNED_IN: Common = { credentials: 'required', scope: 'domains' };

/** Of an operation of one domain. */
const OF_DOMAIN: Common & Pick<Operation, 'params' | 'from'> = {
  ...SIGNED_IN,
  params: z.object({ id: extidSchema }),
  from: { id: { operationId: 'claimDomain', pointer: '/record/id' } },
};

function reads(description: string, schema: z.ZodType): Answers {
  return { 200: { description, schema } };
}

/** Of a GET with parameters that can be wrong; the other operations have it from the group. */
function pages(description: string, schema: z.ZodType): Answers {
  return { ...reads(description, schema), 422: INVALID_REQUEST };
}

const STILL_RUNNING = tryLaterAnswer(
  'StillRunning',
  'A request with the same Idempotency-Key is still running.',
);

/** Those of a POST, which an Idempotency-Key makes repeatable. */
export function repeatable(answers: Answers): Answers {
  return { ...answers, 409: STILL_RUNNING };
}

const DOMAIN = 'The domain: its state, its DNS records, and what is wrong.';

const DOMAINS: readonly Operation[] = [
  {
    method: 'post',
    path: PREFIX,
    aliases: [`${PREFIX}/add`],
    operationId: 'claimDomain',
    summary: 'Claim a name',
    description: 'The answer has the DNS records to create. The name serves once they are found.',
    ...SIGNED_IN,
    query: dryRunSchema,
    headers: IDEMPOTENT,
    body: { schema: claimSchema, isRequired: true, example: { domain: 'secrets.example.com' } },
    answers: repeatable({
      ...reads('With `dry_run`: what a claim would answer.', domainAnswerSchema),
      201: { description: DOMAIN, schema: domainAnswerSchema },
    }),
  },
  {
    method: 'get',
    path: PREFIX,
    operationId: 'listDomains',
    summary: "List the account's domains",
    ...SIGNED_IN,
    query: listSchema,
    answers: pages('One page. `next_cursor` leads to the next.', domainsAnswerSchema),
  },
  {
    method: 'get',
    path: OF_ONE,
    operationId: 'getDomain',
    summary: 'Show a domain',
    ...OF_DOMAIN,
    query: adviceSchema,
    answers: pages(DOMAIN, domainAnswerSchema),
  },
  {
    method: 'post',
    path: `${OF_ONE}/verify`,
    operationId: 'verifyDomain',
    summary: 'Check the DNS records now',
    ...OF_DOMAIN,
    query: adviceSchema,
    headers: IDEMPOTENT,
    answers: repeatable(reads(DOMAIN, domainAnswerSchema)),
  },
  {
    method: 'get',
    path: `${OF_ONE}/events`,
    operationId: 'listDomainEvents',
    summary: 'List what happened to a domain',
    ...OF_DOMAIN,
    query: eventsSchema,
    answers: pages('One page, the newest first.', eventsAnswerSchema),
  },
  {
    method: 'delete',
    path: OF_ONE,
    operationId: 'removeDomain',
    summary: 'Remove a domain and its certificate',
    ...OF_DOMAIN,
    query: revokeSchema,
    answers: reads('It is removed.', removalAnswerSchema),
  },
  {
    method: 'post',
    path: `${OF_ONE}/remove`,
    operationId: 'removeDomainByPost',
    summary: 'Remove a domain and its certificate',
    ...OF_DOMAIN,
    headers: IDEMPOTENT,
    query: revokeSchema,
    body: { schema: revokeSchema, isRequired: false, example: { revoke: false } },
    answers: repeatable(reads('It is removed.', removalAnswerSchema)),
  },
];

const CERTIFICATES: readonly Operation[] = [
  {
    method: 'put',
    path: `${OF_ONE}/certificate`,
    operationId: 'uploadCertificate',
    summary: 'Serve a certificate of your own',
    description: 'The name must be proven, and the certificate be valid for it.',
    ...OF_DOMAIN,
    body: {
      schema: certificateUploadSchema,
      isRequired: true,
      example: {
        private_key: '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n',
        chain: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
      },
    },
    answers: reads(DOMAIN, domainAnswerSchema),
  },
  {
    method: 'delete',
    path: `${OF_ONE}/certificate`,
    operationId: 'returnToIssuedCertificates',
    summary: 'Return to certificates that the service obtains',
    ...OF_DOMAIN,
    answers: reads(DOMAIN, domainAnswerSchema),
  },
];

interface Config {
  readonly path: string;
  readonly name: 'Homepage' | 'Api';
  readonly subject: string;
  readonly schema: z.ZodType;
}

/** One switch for callers without an account: GET, PUT, DELETE. */
function configOperations({ path, name, subject, schema }: Config): Operation[] {
  const common = { path: `${OF_ONE}/${path}`, ...OF_DOMAIN };
  return [
    {
      ...common,
      method: 'get',
      operationId: `get${name}Config`,
      summary: `Whether callers without an account may create secrets ${subject}`,
      answers: reads('The switch.', schema),
    },
    {
      ...common,
      method: 'put',
      operationId: `set${name}Config`,
      summary: `Allow or forbid callers without an account to create secrets ${subject}`,
      body: { schema: toggleSchema, isRequired: true, example: { enabled: true } },
      answers: reads('The switch.', schema),
    },
    {
      ...common,
      method: 'delete',
      operationId: `reset${name}Config`,
      summary: `Forbid callers without an account to create secrets ${subject}, as at first`,
      answers: reads('The switch.', schema),
    },
  ];
}

const POLICY: readonly Operation[] = [
  {
    method: 'get',
    path: `${OF_ONE}/policy`,
    operationId: 'getDomainPolicy',
    summary: 'Show what secrets of the domain must keep to',
    ...OF_DOMAIN,
    answers: reads('The policy.', policyAnswerSchema),
  },
  {
    method: 'put',
    path: `${OF_ONE}/policy`,
    operationId: 'setDomainPolicy',
    summary: 'Set what secrets of the domain must keep to',
    description:
      'It counts for the API and the pages alike. A field that is absent stays as it is; null sets it to what it was at first.',
    ...OF_DOMAIN,
    body: {
      schema: policySchema,
      isRequired: true,
      example: { max_ttl: 604_800, passphrase_required: true, passphrase_min_length: 12 },
    },
    answers: reads('The policy.', policyAnswerSchema),
  },
];

/** The API of custom domains. */
export const DOMAIN_OPERATIONS: readonly Operation[] = [
  ...DOMAINS,
  ...CERTIFICATES,
  ...SETUP_LINK_OPERATIONS,
  ...TRANSFER_OPERATIONS,
  ...configOperations({
    path: 'homepage-config',
    name: 'Homepage',
    subject: 'on the pages of the domain',
    schema: homepageConfigAnswerSchema,
  }),
  ...configOperations({
    path: 'api-config',
    name: 'Api',
    subject: 'by the API of the domain',
    schema: apiConfigAnswerSchema,
  }),
  ...POLICY,
  ...BRAND_OPERATIONS,
  ...IMAGE_OPERATIONS,
];
