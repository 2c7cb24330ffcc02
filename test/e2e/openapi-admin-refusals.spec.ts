import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { Client } from 'pg';
import { BODY_BYTES_MAX } from '../../src/admin/admin-operation.js';
import { AdminClient, adminPort, makeKey } from '../support/admin-client.js';
import { AnswerSchemas } from '../support/answer-schemas.js';
import { CuttableDatabase } from '../support/cuttable-database.js';
import {
  documentedOperations,
  type DocumentedOperation,
  type RawDocument,
} from '../support/documented-operations.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { callOf, unknownValues, withHeaders, wrongTypes } from '../support/operation-calls.js';
import { temporaryServer } from '../support/temporary-server.js';

// Each status of a refusal that the document has for an operation is provoked for it, whatever the operation does.

const DOCUMENT = JSON.parse(readFileSync('docs/openapi-admin.json', 'utf8')) as RawDocument;
const OPERATIONS = documentedOperations(DOCUMENT);
const LIMIT = 40;
const SLOW_BODY_TIME_MAX = 60_000;

const schemas = new AnswerSchemas(DOCUMENT);
/** `operationId status`: what was answered so, as documented. */
const provoked = new Set<string>();

const server = temporaryServer();
let database: CuttableDatabase;
let owner: Client;
let gateway: GatewayProcess;
let admin: AdminClient;
let reader: string;
let writer: string;
let onlyWriter: string;
let addresses = 0;

beforeAll(async () => {
  const postgres = await server.start();
  database = await CuttableDatabase.before(postgres.urlOf('eu'));
  owner = new Client({ connectionString: postgres.urlOf('eu') });
  await owner.connect();
  const port = await adminPort();
  gateway = await GatewayProcess.start({
    environment: {
      ...port,
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: database.url,
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
      GATEWAY_LIMITS: 'on',
      // Each request that is provoked comes from a network of its own.
      GATEWAY_LIMIT_REQUESTS: `${LIMIT}/3600`,
    },
  });
  reader = await makeKey(gateway, 'reader');
  writer = await makeKey(gateway, 'support', '--scope', 'read,write');
  onlyWriter = await makeKey(gateway, 'changes', '--scope', 'write');
  admin = new AdminClient(gateway, Number(port.GATEWAY_ADMIN_PORT));
});

afterAll(async () => {
  await gateway.stop();
  await owner.end();
  await database.cut();
  server.remove();
});

/** A client of a network that nothing came from before. */
function newNetwork(): Agent {
  addresses += 1;
  return new Agent({ localAddress: `127.${1 + (addresses >> 8)}.${addresses & 255}.1` });
}

/** Notes what was answered, and fails when it is not as documented. */
async function provoke(operation: DocumentedOperation, request: Call): Promise<Answer> {
  const answer = await call(admin.target, { agent: newNetwork(), ...request });
  const fault = schemas.faultOf(operation, answer);
  if (fault !== null)
    throw new Error(`${request.method} ${request.path}\n${answer.status} ${answer.text}\n${fault}`);
  provoked.add(`${operation.id} ${answer.status}`);
  return answer;
}

/** The example, for what nobody has. */
function example(operation: DocumentedOperation, key: string | null = writer): Call {
  const unknown = { ...unknownValues(operation), email: 'nobody@example.com' };
  const request = callOf(operation, unknown, operation.body?.example);
  return key === null ? request : withHeaders(request, { authorization: `Bearer ${key}` });
}

const each = OPERATIONS.map((operation) => [operation.id, operation] as const);
const withKey = each.filter(([, { credentials }]) => credentials === 'required');
const changing = withKey.filter(([, { method }]) => method !== 'GET');

describe('the refusals of a request that is wrong are as documented:', () => {
  /** Begun before the other tests, which run while it waits. */
  let late: Promise<unknown>;
  beforeAll(() => {
    const headers = { 'content-type': 'application/json', 'content-length': '10' };
    late = Promise.all(
      changing.map(async ([, operation]) => {
        const request = withHeaders(example(operation), headers, '{');
        expect((await provoke(operation, request)).status).toBe(408);
      }),
    );
    // Its own test reports it.
    late.catch(() => null);
  });

  it.each(each)('%s, by another name of the host', async (_id, operation) => {
    const answer = await provoke(
      operation,
      withHeaders(example(operation), { host: 'eu.onetime.localhost' }),
    );
    expect(answer.status).toBe(421);
  });

  it.each(withKey)('%s, without a key, or without the scope', async (_id, operation) => {
    expect((await provoke(operation, example(operation, null))).status).toBe(401);
    expect(
      (await provoke(operation, example(operation, `${writer.slice(0, -4)}0000`))).status,
    ).toBe(401);
    const other = operation.scopes.includes('write') ? reader : onlyWriter;
    expect((await provoke(operation, example(operation, other))).status).toBe(403);
  });

  it.each(withKey)('%s, of what does not exist', async (_id, operation) => {
    const { path, ...request } = example(operation);
    await provoke(operation, { ...request, path });
    const elsewhere = path.replace('/regions/eu', '/regions/mars');
    expect((await provoke(operation, { ...request, path: elsewhere })).status).toBe(404);
    for (const { name } of operation.parameters.filter((parameter) => parameter.in === 'query'))
      await provoke(operation, { ...request, path: `${path}?${name}=-1` });
  });

  it('of an account that is being removed', async () => {
    const headers = { authorization: `Bearer ${writer}` };
    const values = { region: 'eu', email: 'ann@example.com' };
    const ask = async (id: string): Promise<number> => {
      const [, operation] = each.find(([name]) => name === id)!;
      const request = callOf(operation, values, operation.body?.example);
      return (await provoke(operation, withHeaders(request, headers))).status;
    };
    // The test of what does not exist may have created it.
    expect([201, 422]).toContain(await ask('createAccount'));
    expect(await ask('removeAccount')).toBe(200);
    const changes = ['suspendAccount', 'resumeAccount', 'changeAccountPlan'];
    for (const id of [...changes, 'changeAccountLanguage', 'createAccount'])
      expect(await ask(id)).toBe(422);
  });

  it.each(changing)('%s, with a body that cannot be read', async (_id, operation) => {
    const json = { 'content-type': 'application/json' };
    const wrong = JSON.stringify(wrongTypes(operation));
    for (const body of ['{"', '[]', wrong, ' '.repeat(BODY_BYTES_MAX + 1)])
      await provoke(operation, withHeaders(example(operation), json, body));
    const encoded = { ...json, 'content-encoding': 'gzip' };
    await provoke(operation, withHeaders(example(operation), encoded, '{}'));
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
      await provoke(operation, withHeaders(example(operation), { 'content-type': type }, 'x=y'));
  });

  it('all at once, with a body that does not come', () => late, SLOW_BODY_TIME_MAX);
});

describe('the refusals that a request cannot help are as documented:', () => {
  it('of all operations, beyond a limit', async () => {
    const agent = newNetwork();
    const [, first] = withKey[0]!;
    for (let count = 0; count < LIMIT; count += 1)
      await call(admin.target, { agent, ...example(first) });
    for (const [, operation] of withKey)
      expect((await provoke(operation, { agent, ...example(operation) })).status).toBe(429);
  });

  it('of all operations, without a database', async () => {
    await database.cut();
    try {
      for (const [, operation] of withKey)
        expect((await provoke(operation, example(operation))).status).toBe(503);
    } finally {
      await database.restore();
    }
  });

  it('of all operations, with a database that has not what they need', async () => {
    await owner.query('alter schema public rename to elsewhere');
    for (const [, operation] of withKey)
      expect((await provoke(operation, example(operation))).status).toBe(500);
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
