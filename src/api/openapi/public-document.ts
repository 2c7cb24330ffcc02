import { programVersion } from '../../config/program-version.js';
import { ACCOUNT_OPERATIONS } from '../account/account-operations.js';
import { DOMAIN_OPERATIONS } from '../domains/domain-operations.js';
import { RETENTION_OPERATIONS } from '../retention/retention-operations.js';
import { V1_OPERATIONS } from '../v1/v1-operations.js';
import { V1_BODY_ERRORS, V1_ERRORS } from '../v1/v1-error-answers.js';
import { V2_OPERATIONS } from '../v2/v2-operations.js';
import { openApiDocument, type OpenApiDocument } from './openapi-document.js';
import { OPENAPI_OPERATIONS } from './openapi-operations.js';
import type { OperationGroup } from './operation.js';
import {
  TYPED_ACCOUNT_ERRORS,
  TYPED_BODY_ERRORS,
  TYPED_FILE_ERRORS,
} from './typed-error-answers.js';

const DESCRIPTION = `
One-time secrets: a value is concealed behind a link, and the link reveals it once.

**Where.** Every region and every custom domain has this API on its own host. \`/api/domains\` is on the hosts of regions
only; on a custom domain it is 404. A region knows only its own accounts and secrets.

**Credentials.** HTTP Basic: the account's e-mail address and an API token. A request without an Authorization header is
anonymous. One whose credentials are not valid is refused, also where none are needed. \`/api/account\` and \`/api/domains\`
take the session of the region's own pages too; a change by it needs the session's token in \`X-CSRF-Token\`.

**Every answer** has an \`X-Request-Id\`. The answers of a route with a limit have \`RateLimit\`; over the limit they have
\`Retry-After\`. Before any of these routes, 421 answers a host that is not served here.

**Other sites** may call the routes that share, generate, reveal and tell the status (CORS, without credentials of the browser).
`.trim();

/** Every API that customers use, in the order of the document. */
export const PUBLIC_APIS: readonly OperationGroup[] = [
  {
    name: 'API v1',
    description:
      'The first dialect. Parameters are flat and may stand in a form, in JSON or in the query. Errors of the caller have status 404.',
    errors: V1_ERRORS,
    bodyErrors: V1_BODY_ERRORS,
    operations: V1_OPERATIONS,
  },
  {
    name: 'API v2',
    description:
      'The newer dialect of the same secrets: JSON, real statuses, one shape of errors. What is made in one is read in the other.',
    errors: {},
    bodyErrors: {},
    operations: V2_OPERATIONS,
  },
  {
    name: 'Domains',
    description: 'Custom domains: claim a name, prove it, serve it.',
    errors: TYPED_ACCOUNT_ERRORS,
    bodyErrors: TYPED_BODY_ERRORS,
    operations: DOMAIN_OPERATIONS,
  },
  {
    name: 'Account',
    description:
      "The caller's account: its API tokens, sign-in, webhooks, address, activity, export and end.",
    errors: TYPED_ACCOUNT_ERRORS,
    bodyErrors: TYPED_BODY_ERRORS,
    operations: ACCOUNT_OPERATIONS,
  },
  {
    name: 'Document',
    description: 'This document.',
    errors: TYPED_FILE_ERRORS,
    bodyErrors: {},
    operations: OPENAPI_OPERATIONS,
  },
  {
    name: 'Retention',
    description: 'How long ciphertexts are kept, and how the promise is kept.',
    errors: TYPED_FILE_ERRORS,
    bodyErrors: {},
    operations: RETENTION_OPERATIONS,
  },
];

/** The document of PUBLIC_APIS. */
export function publicDocument(): OpenApiDocument {
  const info = { title: 'Onetime API', version: programVersion(), description: DESCRIPTION };
  return openApiDocument(info, PUBLIC_APIS);
}
