import { readFileSync } from 'node:fs';

type Json = Readonly<Record<string, unknown>>;

export interface DocumentedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly example: unknown;
}

export interface DocumentedAnswer {
  readonly mediaType: string | null;
  readonly schema: Json | null;
  /** Lower case. */
  readonly requiredHeaders: readonly string[];
}

/** Where the value of a parameter comes from: the answer of another operation. */
export interface ValueSource {
  readonly operationId: string;
  readonly pointer: string;
}

/** One operation of the document, with all references resolved but those between schemas. */
export interface DocumentedOperation {
  readonly id: string;
  /** Without the suffix of an alias. */
  readonly ownId: string;
  readonly method: string;
  /** `/api/v1/secret/{key}` */
  readonly path: string;
  readonly credentials: 'none' | 'optional' | 'required';
  readonly scopes: readonly string[];
  /** Only a browser that is signed in may perform it. */
  readonly isOfSession: boolean;
  readonly parameters: readonly DocumentedParameter[];
  readonly body: { readonly mediaTypes: readonly string[]; readonly example: unknown } | null;
  readonly answers: ReadonlyMap<number, DocumentedAnswer>;
  /** By parameter of the path. */
  readonly sources: ReadonlyMap<string, ValueSource>;
}

interface RawOperation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly RawParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { example?: unknown }>> };
  readonly responses: Readonly<Record<string, RawAnswer>>;
}

interface RawParameter {
  readonly name: string;
  readonly in: DocumentedParameter['in'];
  readonly required?: boolean;
  readonly schema: { readonly example?: unknown };
}

interface RawAnswer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Json }>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly links?: Readonly<Record<string, RawLink>>;
}

interface RawLink {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: Readonly<Record<string, Json>>;
}

/** The committed copy of the document; that it is what the gateway serves is tested beside it. */
export const DOCUMENT = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as RawDocument;

export function documentedOperations(document: RawDocument = DOCUMENT): DocumentedOperation[] {
  const raw = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sources = sourcesIn(
    raw.map(({ operation }) => operation),
    document,
  );
  return raw.map(({ path, method, operation }) => {
    const ownId = ownIdOf(operation.operationId);
    return {
      id: operation.operationId,
      ownId,
      method: method.toUpperCase(),
      path,
      ...accessOf(operation),
      parameters: (operation.parameters ?? []).map((parameter) => ({
        name: parameter.name,
        in: parameter.in,
        required: parameter.required === true,
        example: parameter.schema.example,
      })),
      body: bodyOf(operation),
      answers: new Map(
        Object.entries(operation.responses).map(([status, answer]) => [
          Number(status),
          answerOf(resolved(answer, document)),
        ]),
      ),
      sources: sources.get(ownId) ?? new Map(),
    };
  });
}

function ownIdOf(operationId: string): string {
  return operationId.replace(/Alias\d+$/, '');
}

function accessOf({
  security,
}: RawOperation): Pick<DocumentedOperation, 'credentials' | 'scopes' | 'isOfSession'> {
  const scopes = security.flatMap((each) => Object.values(each).flat());
  const isOfSession = security.some((each) => 'session' in each);
  if (security.length === 0) return { credentials: 'none', scopes, isOfSession };
  const isOptional = security.some((each) => Object.keys(each).length === 0);
  return { credentials: isOptional ? 'optional' : 'required', scopes, isOfSession };
}

function bodyOf({ requestBody }: RawOperation): DocumentedOperation['body'] {
  if (requestBody === undefined) return null;
  const mediaTypes = Object.keys(requestBody.content);
  return { mediaTypes, example: Object.values(requestBody.content)[0]?.example };
}

function answerOf({ content = {}, headers = {} }: RawAnswer): DocumentedAnswer {
  const [[mediaType, described] = [null, null]] = Object.entries(content);
  const required = Object.entries(headers).filter(([, header]) => header.required === true);
  return {
    mediaType,
    schema: described?.schema ?? null,
    requiredHeaders: required.map(([name]) => name.toLowerCase()),
  };
}

function resolved(answer: RawAnswer, { components }: RawDocument): RawAnswer {
  const name = answer.$ref?.split('/').at(-1);
  return name === undefined ? answer : (components['responses']?.[name] as RawAnswer);
}

/** Reads the links of all answers backwards: by operation and parameter, where the value comes from. */
function sourcesIn(
  operations: readonly RawOperation[],
  document: RawDocument,
): Map<string, Map<string, ValueSource>> {
  const sources = new Map<string, Map<string, ValueSource>>();
  for (const { operationId, responses } of operations) {
    if (operationId !== ownIdOf(operationId)) continue;
    const answers = Object.values(responses).map((answer) => resolved(answer, document));
    for (const link of answers.flatMap(({ links }) => Object.values(links ?? {}))) {
      const ofTarget = sources.get(link.operationId) ?? new Map<string, ValueSource>();
      sources.set(link.operationId, ofTarget);
      for (const [name, expression] of Object.entries(link.parameters)) {
        const [, pointer = ''] = expression.split('#');
        ofTarget.set(name, { operationId, pointer });
      }
    }
  }
  return sources;
}

/** The value at a JSON pointer, as text; null when there is none. */
export function textAt(value: unknown, pointer: string): string | null {
  const steps = pointer.split('/').slice(1);
  const found = steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Json)[step] : undefined),
    value,
  );
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}
