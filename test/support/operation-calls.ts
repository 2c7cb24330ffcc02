import {
  textAt,
  type DocumentedOperation,
  type DocumentedParameter,
} from './documented-operations.js';
import type { Answer, Call } from './https-client.js';

/** A request of an operation. `isOfSession`: to be sent by a browser that is signed in. */
export interface OperationCall extends Call {
  readonly isOfSession: boolean;
}

type Send = (call: OperationCall) => Promise<Answer>;

/** What a test knows of an operation that its example cannot say. By id, without the suffix of an alias. */
export interface Preparation {
  /** Run before each call, with the values of the path. */
  readonly before?: (values: PathValues) => Promise<void>;
  /** In place of the example. */
  readonly body?: (values: PathValues) => Promise<object>;
}

export type PathValues = Readonly<Record<string, string>>;
export type Preparations = Readonly<Record<string, Preparation>>;

/**
 * A caller of the documented operations by their examples. An operation with an id in its path first performs the one
 * that the document links it to; the answer is kept until an operation changes something.
 */
export class OperationCalls {
  readonly #byId: ReadonlyMap<string, DocumentedOperation>;
  readonly #answers = new Map<string, Answer>();

  constructor(
    operations: readonly DocumentedOperation[],
    private readonly send: Send,
    private readonly preparations: Preparations = {},
  ) {
    this.#byId = new Map(operations.map((operation) => [operation.id, operation]));
  }

  /** Sends the operation's example. What it changes may use up ids: the next ones are made anew. */
  async perform(operation: DocumentedOperation): Promise<Answer> {
    const values = await this.valuesFor(operation);
    const { before, body } = this.preparations[operation.ownId] ?? {};
    await before?.(values);
    const example = body === undefined ? operation.body?.example : await body(values);
    const answer = await this.send(callOf(operation, values, example));
    if (operation.method !== 'GET') this.#answers.clear();
    return answer;
  }

  /** The ids for the operation's path, from the operations that the document names. */
  async valuesFor({ id, parameters, sources }: DocumentedOperation): Promise<PathValues> {
    const values: Record<string, string> = {};
    for (const { name } of parameters.filter((each) => each.in === 'path')) {
      const source = sources.get(name);
      if (source === undefined) throw new Error(`${id}: no answer has a value for ${name}`);
      const answer = await this.#answerOf(source.operationId);
      const value = textAt(answer.json(), source.pointer);
      if (value === null) throw new Error(`${id}: ${source.operationId} gave ${answer.text}`);
      values[name] = value;
    }
    return values;
  }

  async #answerOf(operationId: string): Promise<Answer> {
    const known = this.#answers.get(operationId);
    if (known !== undefined) return known;
    const source = this.#byId.get(operationId);
    if (source === undefined) throw new Error(`the document has no ${operationId}`);
    const answer = await this.perform(source);
    this.#answers.set(operationId, answer);
    return answer;
  }
}

/** One request of an operation; an image where it takes one. JSON is sent in the first media type that the operation takes. */
export function callOf(
  { method, path, body, isOfSession }: DocumentedOperation,
  values: PathValues,
  content?: unknown,
): OperationCall {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  if (body === null) return { method, path: filled, isOfSession };
  const [mediaType = ''] = body.mediaTypes;
  if (mediaType === 'image/png') {
    const headers = { 'content-type': mediaType };
    return { method, path: filled, isOfSession, headers, body: ONE_PIXEL };
  }
  if (content === undefined) return { method, path: filled, isOfSession };
  if (mediaType !== 'application/json')
    return { method, path: filled, isOfSession, body: content as FormBody };
  const headers = { 'content-type': mediaType };
  return { method, path: filled, isOfSession, headers, body: JSON.stringify(content) };
}

/** A document cannot show the bytes of an image. */
export const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

type FormBody = Exclude<Call['body'], undefined>;

/** Well-formed ids that nobody has: those that the document shows. */
export function unknownValues({ parameters }: DocumentedOperation): PathValues {
  return Object.fromEntries(pathParameters(parameters).map((each) => [each.name, shown(each)]));
}

export function pathParameters(
  parameters: readonly DocumentedParameter[],
): readonly DocumentedParameter[] {
  return parameters.filter((each) => each.in === 'path');
}

function shown({ name, example }: DocumentedParameter): string {
  if (typeof example !== 'string') throw new Error(`the parameter ${name} has no example`);
  return example;
}

/** The request with more headers, and with another body if one is given. */
export function withHeaders(request: Call, headers: Call['headers'], body = request.body): Call {
  return {
    ...request,
    headers: { ...request.headers, ...headers },
    ...(body === undefined ? {} : { body }),
  };
}

/** The example of the body with something in each field that is not of its type. */
export function wrongTypes({ body }: DocumentedOperation): object {
  const names = Object.keys((body?.example as object | undefined) ?? {});
  return Object.fromEntries(names.map((name) => [name, { not: ['a', 'value'] }]));
}
