import { Agent } from 'node:https';
import { browserSession } from '../support/browser-session.js';
import { AnswerSchemas } from '../support/answer-schemas.js';
import { documentedOperations, DOCUMENT } from '../support/documented-operations.js';
import type { DocumentedOperation, RawDocument } from '../support/documented-operations.js';
import { accountPreparations, domainPreparations } from '../support/documented-scene.js';
import { signInPreparations } from '../support/documented-sign-in.js';
import { LocalScene } from '../support/domain-scene-local.js';
import {
  callOf,
  OperationCalls,
  pathParameters,
  unknownValues,
} from '../support/operation-calls.js';
import type { Answer, Call } from '../support/https-client.js';

const OPERATIONS = documentedOperations();
const schemas = new AnswerSchemas(DOCUMENT);
const each = OPERATIONS.map((operation): [string, DocumentedOperation] => [
  operation.id,
  operation,
]);

const EMAIL = 'documented@example.com';

let scene: LocalScene;
let auth: string;
let calls: OperationCalls;

beforeAll(async () => {
  scene = await LocalScene.start();
  const customer = await scene.customer(EMAIL);
  ({ auth } = customer);
  await newSpare();
  calls = new OperationCalls(OPERATIONS, send, {
    ...domainPreparations(scene, customer),
    ...signInPreparations({
      gateway: scene.gateway,
      email: EMAIL,
      origin: originOf(),
      send: (method, path, body) =>
        send({
          method,
          path: `/api/account${path}`,
          isOfSession: true,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
    }),
    ...accountPreparations((method, path) => send({ method, path: `/api/account${path}` })),
  });
});

afterAll(() => scene.stop());

const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

const sendPlain = (call: Call): Promise<Answer> => scene.gateway.call('eu', { agent, ...call });

/** The login of an account that operations may close, and whose token they may replace. */
let spare: string;
let spares = 0;

async function newSpare(): Promise<void> {
  spares += 1;
  spare = (await scene.gateway.account('eu', `spare-${spares}@example.com`)).auth;
}

function originOf(): string {
  const { host, port } = scene.gateway.target('eu.onetime.localhost');
  return `https://${host}:${port}`;
}

/** As the customer, by token or by browser; what would end their token or account, as the spare one. */
async function send(call: Call & { readonly isOfSession?: boolean }): Promise<Answer> {
  if (call.isOfSession === true) {
    const session = await browserSession(scene.gateway, EMAIL, originOf());
    return sendPlain({ ...call, headers: { ...call.headers, ...session } });
  }
  if (!/^\/api\/account\/(?:closing|apitoken)/.test(call.path)) return sendPlain({ auth, ...call });
  const answer = await sendPlain({ auth: spare, ...call });
  if (call.method === 'POST' && answer.status === 200) await newSpare();
  return answer;
}

/** Operations that work only with a code that was sent by mail. */
const NEEDS_MAIL = /EmailChange$/;

/** The answer is one that the document has for the operation. */
function expectDocumented(operation: DocumentedOperation, call: Call, answer: Answer): void {
  const fault = schemas.faultOf(operation, answer);
  const asked = `${call.method} ${call.path} ${JSON.stringify(call.body)?.slice(0, 100)}`;
  if (fault !== null) throw new Error(`${asked}\n${answer.status} ${answer.text}\n${fault}`);
}

it('the gateway serves the committed document, on every host', async () => {
  for (const region of ['eu', 'us', '']) {
    const answer = await scene.gateway.call(region, { path: '/api/openapi.json' });
    expect(answer.json<RawDocument>()).toEqual(DOCUMENT);
  }
});

it('an answer with another status, type or field than documented is found', async () => {
  const operation = OPERATIONS.find(({ id }) => id === 'v1Status')!;
  const answer = await send(callOf(operation, {}));
  const faultOf = (changes: Partial<Answer>): string | null =>
    schemas.faultOf(operation, { ...answer, ...changes });
  expect(faultOf({})).toBeNull();
  expect(faultOf({ status: 418 })).toContain('418 is not documented');
  expect(faultOf({ headers: { 'content-type': 'text/html' } })).toContain('text/html');
  const body = answer.json();
  for (const wrong of [{ ...body, more: 1 }, { ...body, locale: 7 }, { status: 'nominal' }])
    expect(faultOf({ json: <T>() => wrong as T })).toEqual(expect.any(String));
});

describe('the example of an operation works, and its answer is as documented:', () => {
  it.each(each)('%s', async (_id, operation) => {
    const answer = await calls.perform(operation);
    expectDocumented(operation, callOf(operation, {}), answer);
    if (NEEDS_MAIL.test(operation.id)) return;
    if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  });
});

const MALFORMED = ['%00', 'a'.repeat(300), '..%2f..', '%ff%fe', 'null'];
const TOO_LARGE = 'x'.repeat(1024 * 1024 + 1);

/** Requests that no client should send. */
function wrongCalls(operation: DocumentedOperation): Call[] {
  const unknown = unknownValues(operation);
  const plain = callOf(operation, unknown, operation.body?.example);
  const json = { 'content-type': 'application/json' };
  const ids = pathParameters(operation.parameters).flatMap(({ name }) =>
    MALFORMED.map((text) => callOf(operation, { ...unknown, [name]: text })),
  );
  const queries = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name }) =>
      ['', '-1', 'nothing%20like%20it', '%ff'].map((text) => ({
        ...plain,
        path: `${plain.path}?${name}=${text}`,
      })),
    );
  const headers = operation.parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) => ({ ...plain, headers: { ...plain.headers, [name]: 'x'.repeat(300) } }));
  const texts = ['{"', '[]', 'null', '"text"', '{}', '{"a":{"b":{"c":1}}}', '\xff\xfe', TOO_LARGE];
  const bodies = [...texts, ...wrongFields(operation)].map((body) => ({
    ...plain,
    headers: json,
    body,
  }));
  const encoded = { ...plain, headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' };
  const hasBody = plain.method !== 'GET';
  return [plain, ...ids, ...queries, ...headers, ...(hasBody ? [...bodies, encoded] : [])];
}

/** The example with each of its fields replaced by something of another type, and without it. */
function wrongFields({ body }: DocumentedOperation): string[] {
  const example = body?.example;
  if (typeof example !== 'object' || example === null) return [];
  return Object.keys(example).flatMap((name) =>
    [{}, [], null, -1, '', 'x'.repeat(20_000), undefined].map((value) =>
      JSON.stringify({ ...example, [name]: value }),
    ),
  );
}

describe('a wrong request gets an answer that is documented:', () => {
  // An alias has the same handler.
  it.each(each.filter(([id, { ownId }]) => id === ownId))('%s', async (_id, operation) => {
    for (const call of wrongCalls(operation)) expectDocumented(operation, call, await send(call));
  });

  it.each(each)('%s, without an account', async (_id, operation) => {
    const call = callOf(operation, unknownValues(operation), operation.body?.example);
    const nobody = `nobody@example.com:${'0'.repeat(40)}`;
    for (const caller of [{}, { auth: nobody }, { headers: { authorization: 'Bearer x' } }]) {
      const answer = await sendPlain({ ...call, ...caller });
      expectDocumented(operation, call, answer);
      if (operation.credentials === 'required') expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });
});
