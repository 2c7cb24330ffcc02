import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import { Client } from 'pg';
import { AnswerSchemas } from '../support/answer-schemas.js';
import { browserSession } from '../support/browser-session.js';
import { CuttableDatabase } from '../support/cuttable-database.js';
import {
  DOCUMENT,
  documentedOperations,
  type DocumentedOperation,
} from '../support/documented-operations.js';
import type { DomainClient } from '../support/domain-client.js';
import { signInPreparations } from '../support/documented-sign-in.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import {
  callOf,
  pathParameters,
  unknownValues,
  withHeaders,
  wrongTypes,
} from '../support/operation-calls.js';
import { temporaryServer } from '../support/temporary-server.js';

// Each status of a refusal that the document has for an operation is provoked for it, whatever the operation does.

const EMAIL = 'documented@example.com';
const HOST = 'eu.onetime.localhost';
/** Here the routes of an account do not exist. */
const DOMAIN = 'documented.example.com';
const LIMIT = 40;
/** An alias has the same handler. */
const OPERATIONS = documentedOperations().filter(({ id, ownId }) => id === ownId);
const SLOW_BODY_TIME_MAX = 40_000;

const schemas = new AnswerSchemas(DOCUMENT);
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
/** `operationId status`: what was answered so, as documented. */
const provoked = new Set<string>();

const server = temporaryServer();
let database: CuttableDatabase;
let owner: Client;
let scene: LocalScene;
let customer: DomainClient;
let spare: string;
let spares = 0;
let addresses = 0;

beforeAll(async () => {
  const postgres = await server.start();
  database = await CuttableDatabase.before(postgres.urlOf('eu'));
  owner = new Client({ connectionString: postgres.urlOf('eu') });
  await owner.connect();
  scene = await LocalScene.start({
    GATEWAY_SERVE_REGIONS: 'eu',
    GATEWAY_DATABASE_URL_EU: database.url,
    GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
    GATEWAY_LIMITS: 'on',
    // Each request that is provoked comes from a network of its own, by X-Forwarded-For.
    GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    GATEWAY_LIMIT_REQUESTS: `${LIMIT}/3600`,
    GATEWAY_LIMIT_ACCOUNT_CHANGES: '10000/600',
    GATEWAY_LIMIT_DOMAIN_CHANGES: '10000/600',
    GATEWAY_LIMIT_EMAIL_CHANGES: '1000/3600',
  });
  customer = await scene.customer(EMAIL);
  await scene.setUp(customer, DOMAIN);
  await newSpare();
});

afterAll(async () => {
  agent.destroy();
  await scene.stop();
  await owner.end();
  await database.cut();
  server.remove();
});

function newAddress(): string {
  addresses += 1;
  return `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** Sends it from a new network, notes what was answered, and fails when it is not as documented. */
async function provoke(
  operation: DocumentedOperation,
  { host = HOST, address = newAddress(), ...request }: Call & { host?: string; address?: string },
): Promise<Answer> {
  const headers = { ...request.headers, 'x-forwarded-for': address };
  const answer = await call(scene.gateway.target(host), { agent, ...request, headers });
  const fault = schemas.faultOf(operation, answer);
  if (fault !== null)
    throw new Error(`${request.method} ${request.path}\n${answer.status} ${answer.text}\n${fault}`);
  provoked.add(`${operation.id} ${answer.status}`);
  if (answer.status < 300 && endsToken(operation) && request.method !== 'GET') await newSpare();
  return answer;
}

function plain(operation: DocumentedOperation): Call {
  return callOf(operation, unknownValues(operation), operation.body?.example);
}

/** A request for something that nobody has, by the account of the test where the operation takes one. */
async function example(operation: DocumentedOperation): Promise<Call> {
  const request = plain(operation);
  if (operation.isOfSession) return asBrowser(request);
  if (!operation.answers.has(401) && operation.credentials === 'none') return request;
  return { ...request, auth: endsToken(operation) ? spare : customer.auth };
}

/** As a browser that has just signed in. What it changes may end its session. */
async function asBrowser(request: Call): Promise<Call> {
  const { host, port } = scene.gateway.target(HOST);
  const session = await browserSession(server, EMAIL, `https://${host}:${port}`);
  return { ...request, headers: { ...request.headers, ...session } };
}

/** What would end the token or the account is sent by another one, which has a new token then. */
function endsToken({ path }: DocumentedOperation): boolean {
  return /^\/api\/account\/(?:closing|apitoken)/.test(path);
}

async function newSpare(): Promise<void> {
  spares += 1;
  spare = (await scene.gateway.account('eu', `spare-${spares}@example.com`)).auth;
}

const each = OPERATIONS.map((operation): [string, DocumentedOperation] => [
  operation.id,
  operation,
]);
const withBody = each.filter(([, { answers }]) => answers.has(413));

describe('the refusals of a request that is wrong are as documented:', () => {
  it.each(
    each.filter(([, { answers, credentials }]) => answers.has(401) || credentials !== 'none'),
  )('%s, with credentials that are not valid, or without the scope', async (_id, operation) => {
    const request = await example(operation);
    await provoke(operation, { ...request, auth: `nobody@example.com:${'0'.repeat(40)}` });
    if (operation.isOfSession)
      await provoke(operation, { ...plain(operation), auth: customer.auth });
    for (const scope of scopesOf(operation))
      await provoke(operation, { ...request, auth: await tokenWithout(scope) });
  });

  it.each(each)('%s, of what does not exist, or on another host', async (_id, operation) => {
    const { path, ...request } = await example(operation);
    if (pathParameters(operation.parameters).length > 0 || operation.sources.size > 0)
      await provoke(operation, { ...request, path });
    // A query cannot be read from a parameter that is not a value.
    const queries = operation.parameters.filter((parameter) => parameter.in === 'query');
    for (const { name } of queries)
      await provoke(operation, { ...request, path: `${path}?${name}=-1` });
    const headers = operation.parameters.filter((parameter) => parameter.in === 'header');
    for (const { name } of headers)
      await provoke(operation, asJson({ ...request, path }, { [name]: 'x'.repeat(300) }));
    if (operation.answers.has(404)) await provoke(operation, { ...request, path, host: DOMAIN });
  });

  it.each(withBody)('%s, with a body that cannot be read', async (_id, operation) => {
    const wrong = JSON.stringify(wrongTypes(operation));
    for (const body of ['{"', '[]', wrong, 'x'.repeat(1024 * 1024 + 1)])
      await provoke(operation, asJson(await example(operation), {}, body));
    const encoded = { 'content-encoding': 'gzip' };
    await provoke(operation, asJson(await example(operation), encoded, 'x'));
  });

  it(
    'all at once, with a body that does not come',
    async () => {
      await Promise.all(
        withBody.map(async ([, operation]) => {
          // One byte of ten.
          const request = asJson(await example(operation), { 'content-length': '10' }, '{');
          return provoke(operation, { ...request, agent: new Agent() });
        }),
      );
    },
    SLOW_BODY_TIME_MAX,
  );

  it('to set up an authenticator app, with one that is set up', async () => {
    const beginSecondFactor = OPERATIONS.find(({ id }) => id === 'beginSecondFactor');
    if (beginSecondFactor === undefined) throw new Error('the document has no such operation');
    const { host, port } = scene.gateway.target(HOST);
    const preparations = signInPreparations({
      gateway: server,
      email: EMAIL,
      origin: `https://${host}:${port}`,
      send: async (method, path, body) => {
        const request = await asBrowser({ method, path: `/api/account${path}` });
        const forwarded = { 'x-forwarded-for': newAddress() };
        const text = body === undefined ? undefined : JSON.stringify(body);
        return call(scene.gateway.target(HOST), asJson(request, forwarded, text));
      },
    });
    await preparations['renewRecoveryCodes']?.before?.({});
    const answer = await provoke(beginSecondFactor, await example(beginSecondFactor));
    expect(answer.status).toBe(422);
  });

  it('while the same request is running', async () => {
    for (const [, operation] of each.filter(([, { answers }]) => answers.has(409))) {
      const { id = '' } = operation.path.includes('{id}')
        ? await customer.claim('running.example.com')
        : {};
      const headers = { 'content-type': 'application/json', 'idempotency-key': operation.id };
      const request = callOf(operation, { id }, operation.body?.example ?? {});
      const again = {
        ...request,
        headers: { ...request.headers, ...headers },
        auth: customer.auth,
      };
      await call(scene.gateway.target(HOST), {
        ...again,
        headers: { ...again.headers, 'x-forwarded-for': newAddress() },
      });
      await owner.query('update idempotency_keys set status = null, body = null');
      await provoke(operation, again);
    }
  });
});

describe('the refusals that a request cannot help are as documented:', () => {
  it.each(each)('%s, beyond a limit', async (_id, operation) => {
    const address = newAddress();
    const robots = { path: '/robots.txt', headers: { 'x-forwarded-for': address }, agent };
    for (let count = 0; count < LIMIT; count += 1) await call(scene.gateway.target(HOST), robots);
    await provoke(operation, { ...(await example(operation)), address });
  });

  it('of all operations, without a database', async () => {
    await database.cut();
    try {
      for (const operation of OPERATIONS) await provoke(operation, await example(operation));
    } finally {
      await database.restore();
    }
  });

  it('of all operations, with a database that has not what they need', async () => {
    const requests: [DocumentedOperation, Call][] = [];
    for (const operation of OPERATIONS) requests.push([operation, await example(operation)]);
    await owner.query('alter schema public rename to elsewhere');
    for (const [operation, request] of requests) await provoke(operation, request);
  });
});

it('no other refusal is documented', () => {
  const missing = OPERATIONS.flatMap(({ id, answers }) =>
    [...answers.keys()]
      .filter((status) => status >= 400 && !provoked.has(`${id} ${status}`))
      .map((status) => `${id} ${status}`),
  );
  expect(missing).toEqual([]);
});

/** The document names no scope where no credentials are needed: only credentials that are sent all the same need it. */
function scopesOf({ scopes, path }: DocumentedOperation): readonly string[] {
  return path.startsWith('/api/domains/moves') ? ['domains'] : scopes;
}

const tokens = new Map<string, string>();

/** A token of the account with every scope but one. */
async function tokenWithout(scope: string): Promise<string> {
  const known = tokens.get(scope);
  if (known !== undefined) return known;
  const all = [...new Set(OPERATIONS.flatMap(({ scopes }) => scopes))];
  const answer = await call(scene.gateway.target(HOST), {
    path: '/api/account/tokens',
    auth: customer.auth,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': newAddress() },
    body: JSON.stringify({ name: `no ${scope}`, scopes: all.filter((one) => one !== scope) }),
  });
  const { token } = answer.json<{ record: { token: string } }>().record;
  const login = `${EMAIL}:${token}`;
  tokens.set(scope, login);
  return login;
}

function asJson(request: Call, headers: Call['headers'], body = request.body): Call {
  return withHeaders(request, { 'content-type': 'application/json', ...headers }, body);
}
