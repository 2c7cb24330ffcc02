import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import type { Answer, Answers, Operation, OperationGroup, RequestBody } from './operation.js';

/** An OpenAPI document, ready for JSON. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  /** In Markdown. */
  readonly description: string;
}

/** The status of a request with a value that is not valid. */
const UNPROCESSABLE = 422;
const JSON_TYPE = 'application/json';

/** How a caller of the document's operations signs in (RFC 9110 section 11). */
export interface SecurityScheme {
  readonly scheme: 'basic' | 'bearer';
  readonly description: string;
}

const ACCOUNT_CREDENTIALS: SecurityScheme = {
  scheme: 'basic',
  description: "The account's e-mail address, and an API token as the password.",
};

/** The session of a browser, and its token, which every change needs. */
const BROWSER = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-session',
    description: "A browser that is signed in on the region's own host, at most ten minutes ago.",
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'X-CSRF-Token',
    description: 'The token of the session, as its pages have it.',
  },
} as const;

/**
 * The document of these operations. Its server is relative: it is the same on every host.
 * @throws Error when two operations share an id or a path, or one takes a value from an operation that is not in it
 */
export function openApiDocument(
  info: DocumentInfo,
  groups: readonly OperationGroup[],
  credentials: SecurityScheme = ACCOUNT_CREDENTIALS,
): OpenApiDocument {
  const operations = groups.flatMap((group) => group.operations);
  refuseRepeats(operations);
  return createDocument(
    {
      openapi: '3.1.1',
      info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/', description: 'The host that served this document.' }],
      tags: groups.map(({ name, description }) => ({ name, description })),
      paths: pathsOf(groups, {
        links: linksOf(operations),
        shared: new Map(),
        scheme: credentials.scheme,
      }),
      components: {
        securitySchemes: {
          [credentials.scheme]: { type: 'http', ...credentials },
          ...(operations.some((operation) => operation.credentials === 'session') && BROWSER),
        },
      },
    },
    OPTIONS,
  );
}

const OPTIONS: CreateDocumentOptions = {
  /** What a reader does not need: the bounds of JavaScript's numbers, and the pattern beside a format. */
  override: ({ jsonSchema }) => {
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  },
};

/** By the operation that answers: the operations that its answer leads to. */
type Links = ReadonlyMap<string, Record<string, Link>>;

interface Link {
  readonly operationId: string;
  readonly parameters: Record<string, string>;
}

interface Context {
  /** The name of the security scheme. */
  readonly scheme: string;
  readonly links: Links;
  /** By answer that has an id: its description, which must be one object too. */
  readonly shared: Map<Answer, ZodOpenApiResponseObject>;
}

function linksOf(operations: readonly Operation[]): Links {
  const links = new Map<string, Record<string, Link>>(
    operations.map(({ operationId }) => [operationId, {}]),
  );
  for (const { operationId, from = {} } of operations) {
    for (const [parameter, { operationId: source, pointer }] of Object.entries(from)) {
      const ofSource = links.get(source);
      if (ofSource === undefined)
        throw new Error(`${operationId} takes ${parameter} from ${source}, which is no operation`);
      const link = (ofSource[operationId] ??= { operationId, parameters: {} });
      link.parameters[parameter] = `$response.body#${pointer}`;
    }
  }
  return links;
}

function pathsOf(groups: readonly OperationGroup[], context: Context): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const group of groups) {
    for (const operation of group.operations) {
      const described = describe(operation, group, context);
      paths[operation.path] = { ...paths[operation.path], [operation.method]: described };
      for (const [index, alias] of (operation.aliases ?? []).entries()) {
        const aliased = aliasOf(described, operation, index);
        paths[alias] = { ...paths[alias], [operation.method]: aliased };
      }
    }
  }
  return paths;
}

function aliasOf(
  described: ZodOpenApiOperationObject,
  { operationId, method, path, summary }: Operation,
  index: number,
): ZodOpenApiOperationObject {
  return {
    ...described,
    operationId: `${operationId}Alias${index + 1}`,
    summary: `${summary} (alias)`,
    description: `The same as \`${method.toUpperCase()} ${path}\`.`,
  };
}

function describe(
  operation: Operation,
  group: OperationGroup,
  context: Context,
): ZodOpenApiOperationObject {
  const { operationId, summary, description, params, query, headers, body } = operation;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [group.name],
    security: securityOf(operation, context),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...(body === undefined ? {} : { requestBody: describeBody(body) }),
    responses: Object.fromEntries(
      Object.entries(answersOf(operation, group)).map(([status, answer]) => [
        status,
        status.startsWith('2')
          ? { ...describeAnswer(answer, context), ...linksFrom(operation, context) }
          : describeAnswer(answer, context),
      ]),
    ),
  };
}

function answersOf(operation: Operation, { errors, bodyErrors }: OperationGroup): Answers {
  const ofBody = operation.method === 'get' ? {} : bodyErrors;
  const all = { ...errors, ...ofBody, ...operation.answers };
  const wrong = UNPROCESSABLE in operation.answers || hasValues(operation);
  return Object.fromEntries(
    Object.entries(all).filter(([status]) => wrong || Number(status) !== UNPROCESSABLE),
  );
}

/** Whether there is anything in a request that can be wrong. An id in the path is not found then. */
function hasValues({ body, query, headers }: Operation): boolean {
  return body !== undefined || query !== undefined || headers !== undefined;
}

/** In OpenAPI 3.1 the list beside a scheme names the scopes that a call needs. */
function securityOf(
  { credentials, scope }: Operation,
  { scheme }: Context,
): Record<string, string[]>[] {
  const signedIn = { [scheme]: scope === undefined ? [] : [scope] };
  if (credentials === 'none') return [];
  if (credentials === 'session') return [{ session: [], csrf: [] }];
  return credentials === 'optional' ? [{}, signedIn] : [signedIn];
}

function describeBody({ schema, mediaTypes = [JSON_TYPE], isRequired, example }: RequestBody) {
  const content = { schema, ...(example === undefined ? {} : { example }) };
  return {
    required: isRequired,
    content: Object.fromEntries(mediaTypes.map((type) => [type, content])),
  };
}

function describeAnswer(answer: Answer, { shared }: Context): ZodOpenApiResponseObject {
  const known = shared.get(answer);
  if (known !== undefined) return known;
  const { id, description, schema, example, mediaType = JSON_TYPE, headers } = answer;
  const content = { ...(schema && { schema }), ...(example === undefined ? {} : { example }) };
  const described = {
    ...(id === undefined ? {} : { id }),
    description,
    ...(schema === undefined ? {} : { content: { [mediaType]: content } }),
    ...(headers === undefined ? {} : { headers }),
  };
  if (id !== undefined) shared.set(answer, described);
  return described;
}

function linksFrom(
  { operationId }: Operation,
  { links }: Context,
): Pick<ZodOpenApiResponseObject, 'links'> {
  const found = links.get(operationId) ?? {};
  return Object.keys(found).length === 0 ? {} : { links: found };
}

function refuseRepeats(operations: readonly Operation[]): void {
  const seen = new Set<string>();
  for (const { operationId, method, path, aliases = [] } of operations) {
    for (const name of [operationId, ...[path, ...aliases].map((each) => `${method} ${each}`)]) {
      if (seen.has(name)) throw new Error(`the document would have ${name} twice`);
      seen.add(name);
    }
  }
}
