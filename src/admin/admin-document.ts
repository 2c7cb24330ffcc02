import { z } from 'zod';
import { openApiDocument, type OpenApiDocument } from '../api/openapi/openapi-document.js';
import type { Answer, Answers, Operation, OperationGroup } from '../api/openapi/operation.js';
import { typedErrorSchema } from '../api/typed-errors.js';
import {
  INVALID_REQUEST,
  TYPED_ACCOUNT_ERRORS,
  TYPED_BODY_ERRORS,
} from '../api/openapi/typed-error-answers.js';
import { programVersion } from '../config/program-version.js';
import { ACCOUNT_OPERATIONS } from './accounts/account-operations.js';
import { AUDIT_OPERATIONS } from './audit/audit-operations.js';
import { BODY_BYTES_MAX } from './admin-operation.js';
import { CERTIFICATE_OPERATIONS } from './certificates/certificate-operations.js';
import { DOMAIN_OPERATIONS } from './domains/domain-operations.js';
import { LIMIT_OPERATIONS } from './limits/limit-operations.js';
import { OVERVIEW_OPERATIONS } from './overview/overview-operations.js';

export const DOCUMENT_PATH = '/admin/v1/openapi.json';

const DESCRIPTION = `
The operator's API, for the company's own back office.

**Where.** On the admin listener alone, at a name of its certificate. The region stands in the path, and each region has its own keys.

**Credentials.** \`Authorization: Bearer KEY\`. Keys are made by \`gateway admin-key create\`; each use is in the audit trail.

**Every answer** has an \`X-Request-Id\`. A write can be repeated with the same result, except those that answer with a token.
`.trim();

const OTHER_HOST: Answer = {
  id: 'OtherHost',
  description: 'The host is not the operator API.',
  schema: typedErrorSchema,
};
const ERRORS: Answers = {
  ...TYPED_ACCOUNT_ERRORS,
  421: OTHER_HOST,
  422: INVALID_REQUEST,
};
const BODY_ERRORS: Answers = {
  ...TYPED_BODY_ERRORS,
  413: {
    id: 'TooLarge',
    description: `The body is larger than ${BODY_BYTES_MAX / 1024} KiB.`,
    schema: typedErrorSchema,
  },
};

const DOCUMENT: Operation = {
  method: 'get',
  path: DOCUMENT_PATH,
  operationId: 'getAdminDocument',
  summary: 'This document',
  credentials: 'none',
  answers: {
    200: {
      description: 'The OpenAPI document.',
      schema: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiDocument' }),
    },
    421: OTHER_HOST,
  },
};

function group(
  name: string,
  description: string,
  operations: readonly Operation[],
): OperationGroup {
  return { name, description, errors: ERRORS, bodyErrors: BODY_ERRORS, operations };
}

const GROUPS: readonly OperationGroup[] = [
  group('Overview', 'The region in numbers.', OVERVIEW_OPERATIONS),
  group('Accounts', 'The accounts of a region.', ACCOUNT_OPERATIONS),
  group('Domains', 'The domains of all accounts.', DOMAIN_OPERATIONS),
  group('Certificates', 'Certificates, and when a CA is not asked.', CERTIFICATE_OPERATIONS),
  group('Limits', 'Who is limited.', LIMIT_OPERATIONS),
  group('Audit', 'Keys and what was done by them.', AUDIT_OPERATIONS),
  {
    name: 'Document',
    description: 'This document.',
    errors: {},
    bodyErrors: {},
    operations: [DOCUMENT],
  },
];

/** The document of every operation of the operator's API. */
export function adminDocument(): OpenApiDocument {
  const info = {
    title: 'Onetime operator API',
    version: programVersion(),
    description: DESCRIPTION,
  };
  return openApiDocument(info, GROUPS, {
    scheme: 'bearer',
    description: 'A key, with the scope `read` or `write` as each operation names it.',
  });
}
