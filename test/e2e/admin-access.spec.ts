import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { postponeChecks, rowsWith } from '../support/account-rows.js';
import { ADMIN_HOST, adminPort, AdminClient, makeKey, sendAdmin } from '../support/admin-client.js';
import { AnswerSchemas } from '../support/answer-schemas.js';
import { Canaries } from '../support/canaries.js';
import {
  documentedOperations,
  type DocumentedOperation,
  type RawDocument,
} from '../support/documented-operations.js';
import { LocalScene } from '../support/domain-scene-local.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { callOf, type PathValues } from '../support/operation-calls.js';
import { query } from '../support/region-database.js';

// Generated from the document: a new operation is covered on the day it appears.

const DOCUMENT = JSON.parse(readFileSync('docs/openapi-admin.json', 'utf8')) as RawDocument;
const DOCUMENTED = documentedOperations(DOCUMENT);
const OPERATIONS = DOCUMENTED.filter(({ credentials }) => credentials === 'required').map(
  (operation) => [operation.id, operation] as const,
);
const REGION_HOSTS = ['eu.onetime.localhost', 'us.onetime.localhost', 'onetime.localhost'];

const schemas = new AnswerSchemas(DOCUMENT);
const canaries = new Canaries();
const email = `${canaries.word('the e-mail address')}@example.com`;
const READER = canaries.word('the name of a key');
const WRITER = canaries.word('the name of another key');
const domainName = `${canaries.word('the domain')}.example.com`;

describe('the operator API', () => {
  const agent = new Agent({ keepAlive: true });
  let scene: LocalScene;
  let gateway: GatewayProcess;
  let admin: AdminClient;
  let reader: string;
  let writer: string;
  /** Those of an account that exists. */
  let values: PathValues;

  beforeAll(async () => {
    const environment = await adminPort();
    scene = await LocalScene.start({
      ...environment,
      GATEWAY_LIMITS: 'on',
      // More than all operations with two keys that are wrong, fewer than the guesses below.
      GATEWAY_LIMIT_SIGN_IN: '100/600',
    });
    ({ gateway } = scene);
    const owner = await scene.customer(email);
    await scene.setUp(owner, domainName);
    const [token] = await query(gateway, 'eu', {
      text: `select t.id from api_tokens t join accounts a on a.id = t.account_id where a.email = $1`,
      values: [email],
    });
    const id = canaries.keep('the id of the token', String(token?.['id']));
    values = { region: 'eu', email, domain: domainName, id };
    await postponeChecks(gateway, 'eu');
    reader = await makeKey(gateway, READER);
    writer = await makeKey(gateway, WRITER, '--scope', 'read,write');
    admin = new AdminClient(gateway, Number(environment.GATEWAY_ADMIN_PORT), writer);
  });
  afterAll(async () => {
    agent.destroy();
    await scene.stop();
  });

  function requestOf(operation: DocumentedOperation, key?: string): Call {
    const request = callOf(operation, values, operation.body?.example);
    if (key === undefined) return request;
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${key}` } };
  }

  /** What an answer shows of the account and the keys that its request does not name. */
  function seenIn({ text, headers }: Answer, request: Call): readonly string[] {
    const known = new Set(canaries.foundIn(Buffer.from(JSON.stringify(request))));
    const shown = Buffer.from(`${text}\n${JSON.stringify(headers)}`);
    return canaries.foundIn(shown).filter((name) => !known.has(name));
  }

  function rows(): Promise<object> {
    return rowsWith(gateway, 'eu', [email, domainName, values['id'] ?? '']);
  }

  /** Sends the operation, whose refusal is as the document says, and shows nothing. */
  async function refused(operation: DocumentedOperation, key?: string): Promise<Answer> {
    const request = requestOf(operation, key);
    const answer = await call(admin.target, { agent, ...request });
    expect(schemas.faultOf(operation, answer)).toBeNull();
    expect(answer.json()['request_id']).toBe(answer.headers['x-request-id']);
    expect(seenIn(answer, request)).toEqual([]);
    return answer;
  }

  it('shows and has what the checks below look for', async () => {
    const request = { path: '/admin/v1/regions/eu/keys' };
    const answer = await sendAdmin(admin.target, request.path, { key: writer });
    expect(seenIn(answer, request)).toEqual(
      expect.arrayContaining(['the name of a key', 'the name of another key']),
    );
    const found = Object.keys(await rows());
    expect(found).toEqual(expect.arrayContaining(['accounts', 'api_tokens', 'domains']));
  });

  it.each(OPERATIONS)('%s needs a key', async (_, operation) => {
    const answer = await refused(operation);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="admin"');
  });

  it.each([
    ['with a wrong secret', () => writer.replace(/.{4}$/, '0000')],
    ['that nobody has', () => `gwadmin_${'0'.repeat(16)}_${writer.slice(-64)}`],
  ])('refuses a key %s, on every route', async (_, key) => {
    const before = await rows();
    for (const [, operation] of OPERATIONS) {
      const answer = await refused(operation, key());
      expect([operation.id, answer.status]).toEqual([operation.id, 401]);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    }
    expect(await rows()).toEqual(before);
  });

  it('refuses a key without the scope of the operation, on every route', async () => {
    const scopes = new Set(OPERATIONS.flatMap(([, operation]) => operation.scopes));
    expect(scopes).toEqual(new Set(['read', 'write']));
    const before = await rows();
    for (const [, operation] of OPERATIONS.filter(([, one]) => one.scopes.includes('write'))) {
      const answer = await refused(operation, reader);
      expect([operation.id, answer.status]).toEqual([operation.id, 403]);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="admin", error="insufficient_scope", scope="write"',
      );
      expect(answer.json()).toMatchObject({ error_type: 'Forbidden', code: 'SCOPE_MISSING' });
    }
    expect(await rows()).toEqual(before);
  });

  it('refuses a revoked and an expired key, on every route', async () => {
    const revoked = await makeKey(gateway, 'revoked', '--scope', 'read,write');
    const expired = await makeKey(gateway, 'expired', '--scope', 'read,write');
    // What has signed in from here is refused for itself, not for the failures of this network.
    expect((await admin.call('/keys', { key: revoked })).status).toBe(200);
    expect((await admin.call('/keys', { key: expired })).status).toBe(200);
    const words = ['admin-key', 'revoke', '--region', 'eu', '--name', 'revoked'];
    const { code } = await gateway.command(...words);
    expect(code).toBe(0);
    await query(gateway, 'eu', {
      text: `update admin_keys set expires_at = now() where name = 'expired' returning id`,
      values: [],
    });
    const before = await rows();
    for (const [, operation] of OPERATIONS) {
      expect((await refused(operation, revoked)).status).toBe(401);
      expect((await refused(operation, expired)).status).toBe(401);
    }
    expect(await rows()).toEqual(before);
  });

  it('refuses a key of another region, of Basic, and beside a second header', async () => {
    expect((await admin.call('/keys', { region: 'us' })).status).toBe(401);
    const basic = await call(admin.target, {
      path: '/admin/v1/regions/eu/keys',
      auth: `writer:${writer}`,
    });
    expect(basic.status).toBe(401);
  });

  it.each([...REGION_HOSTS, domainName])('is not on %s, whatever the key', async (host) => {
    const target = gateway.target(host);
    const before = await rows();
    for (const operation of DOCUMENTED) {
      const request = { agent, ...requestOf(operation, writer) };
      const answer = await call(target, request);
      // It is answered as a path that nobody has.
      const path = request.path.replace('/admin/', '/absent/');
      const absent = await call(target, { ...request, path });
      expect([operation.id, answer.status]).toEqual([operation.id, absent.status]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(comparable(answer)).toEqual(comparable(absent));
      expect(seenIn(answer, request)).toEqual([]);
    }
    expect(await rows()).toEqual(before);
  });

  it('is on no public listener by the name of its own, and not on the plain ones', async () => {
    const { https, http, ops } = gateway.ports;
    for (const operation of DOCUMENTED) {
      const { method, path, headers, body } = requestOf(operation, writer);
      for (const host of [...REGION_HOSTS, domainName]) {
        const named = { ...headers, host: `${ADMIN_HOST}:${https}` };
        const request = { agent, method, path, body, headers: named } as Call;
        expect((await call(gateway.target(host), request)).status).toBe(421);
      }
      for (const port of [http, ops]) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          method: method ?? 'GET',
          headers: { authorization: `Bearer ${writer}` },
          redirect: 'manual',
        });
        expect([308, 400, 403, 404, 405, 421]).toContain(answer.status);
      }
    }
  });

  it('does not answer for a host of the public listeners', async () => {
    for (const host of [...REGION_HOSTS, domainName]) {
      const answer = await admin.call('/keys', { headers: { host } });
      expect([host, answer.status]).toEqual([host, 421]);
    }
    expect((await admin.call('/keys', { headers: { host: '127.0.0.1' } })).status).toBe(200);
  });

  it('has no other route', async () => {
    for (const path of ['/', '/api/v1/status', '/admin/v1', '/admin/v1/regions/mars/keys']) {
      expect((await sendAdmin(admin.target, path, { key: writer })).status).toBe(404);
    }
    expect((await admin.call('/nothing')).status).toBe(404);
    expect((await admin.call('/../us/keys')).status).toBe(404);
  });

  it('names the field of a request that is wrong, and refuses a body that is too large', async () => {
    const wrong = await admin.call('/accounts', { body: { email: 'a@example.com', plan: 'gold' } });
    expect(wrong.status).toBe(422);
    expect(wrong.json()).toMatchObject({ error_type: 'ValidationFailed', field: 'plan' });
    const misspelt = await admin.call('/accounts', { body: { mail: 'a@example.com' } });
    expect(misspelt.status).toBe(422);
    const large = await admin.call('/accounts', { body: { email: 'a'.repeat(70_000) } });
    expect(large.status).toBe(413);
  });

  it('writes each use into the audit trail, with who and what', async () => {
    await admin.call('/accounts/nobody%40example.com/suspend', { method: 'POST' });
    const unreadable = { method: 'POST', path: '/admin/v1/regions/eu/accounts', body: '{' };
    const headers = { authorization: `Bearer ${writer}` };
    expect((await call(admin.target, { ...unreadable, headers })).status).toBe(422);
    await admin.call('/accounts', { key: reader, body: { email: 'x@example.com' } });
    const { code, stdout } = await gateway.command('admin-audit', '--region', 'eu', '--json');
    expect(code).toBe(0);
    const { entries } = JSON.parse(stdout) as { entries: Record<string, unknown>[] };
    expect(entries.slice(0, 3)).toMatchObject([
      { key_name: READER, operation: 'createAccount', status: 403, network: '127.0.0.0/24' },
      { key_name: WRITER, operation: 'createAccount', status: 422 },
      {
        key_name: WRITER,
        operation: 'suspendAccount',
        target: 'nobody@example.com',
        status: 404,
      },
    ]);
    expect(stdout).not.toContain(writer.slice(-64));

    const first = (await admin.call('/audit?limit=3')).json<AuditAnswer>();
    expect(first.entries.map(({ operation }) => operation)).toEqual([
      'listAudit',
      'createAccount',
      'createAccount',
    ]);
    const second = (
      await admin.call(`/audit?limit=2&cursor=${first.next_cursor}`)
    ).json<AuditAnswer>();
    expect(second.entries[0]?.operation).toBe('suspendAccount');
  });

  it('slows a network down that guesses', async () => {
    const guess = `gwadmin_${'0'.repeat(16)}_${'0'.repeat(64)}`;
    const statuses: number[] = [];
    for (let count = 0; count < 130; count += 1)
      statuses.push((await admin.call('/keys', { key: guess })).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    // Whoever has signed in from there is not locked out.
    expect((await admin.call('/keys')).status).toBe(200);
    expect(gateway.logs).not.toContain(writer.slice(-64));
  });
});

interface AuditAnswer {
  readonly entries: readonly { readonly operation: string }[];
  readonly next_cursor: string | null;
}

/** Without what differs from one answer to the next. */
function comparable({ text, headers }: Answer): object {
  const { date: _date, 'x-request-id': id, ...others } = headers;
  const same = text.replaceAll(String(id), 'ID').replaceAll('/admin/', '/absent/');
  return { text: same, headers: others };
}
