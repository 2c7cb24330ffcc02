import { ADMIN_OPERATIONS } from '../../src/admin/admin-operations.js';
import type { AdminOperation } from '../../src/admin/admin-operation.js';
import { ADMIN_HOST, adminPort, AdminClient, makeKey, sendAdmin } from '../support/admin-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer } from '../support/https-client.js';
import { query } from '../support/region-database.js';

/** A path of the operation, with names that nothing has. */
function pathOf({ path }: AdminOperation): string {
  return path.replace('{region}', 'eu').replace(/\{\w+\}/g, 'nobody%40example.com');
}

const OPERATIONS = ADMIN_OPERATIONS.map((operation) => [operation.operationId, operation] as const);

describe('the operator API', () => {
  let gateway: GatewayProcess;
  let admin: AdminClient;
  let reader: string;
  let writer: string;

  beforeAll(async () => {
    const environment = await adminPort();
    gateway = await GatewayProcess.start({ environment: { ...environment, GATEWAY_LIMITS: 'on' } });
    reader = await makeKey(gateway, 'reader');
    writer = await makeKey(gateway, 'writer', '--scope', 'read,write');
    admin = new AdminClient(gateway, Number(environment.GATEWAY_ADMIN_PORT), writer);
  });
  afterAll(() => gateway.stop());

  function send(operation: AdminOperation, key?: string): Promise<Answer> {
    const { method } = operation;
    return sendAdmin(admin.target, pathOf(operation), {
      method: method.toUpperCase(),
      ...(key === undefined ? {} : { key }),
      ...(method === 'get' ? {} : { body: operation.body?.example ?? {} }),
    });
  }

  it.each(OPERATIONS)('%s needs a key', async (_, operation) => {
    const answer = await send(operation);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="admin"');
    expect(answer.json()['request_id']).toBe(answer.headers['x-request-id']);
  });

  it.each(OPERATIONS)('%s refuses a key with a wrong secret', async (_, operation) => {
    const answer = await send(operation, writer.replace(/.{4}$/, '0000'));
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it.each(OPERATIONS.filter(([, { scope }]) => scope === 'write'))(
    '%s refuses a key without the scope write',
    async (_, operation) => {
      const answer = await send(operation, reader);
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="admin", error="insufficient_scope", scope="write"',
      );
      expect(answer.json()).toMatchObject({ error_type: 'Forbidden', code: 'SCOPE_MISSING' });
    },
  );

  it('refuses a revoked and an expired key on every route', async () => {
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
    for (const [, operation] of OPERATIONS) {
      expect((await send(operation, revoked)).status).toBe(401);
      expect((await send(operation, expired)).status).toBe(401);
    }
  });

  it('refuses a key of another region, of Basic, and beside a second header', async () => {
    expect((await admin.call('/keys', { region: 'us' })).status).toBe(401);
    const basic = await call(admin.target, {
      path: '/admin/v1/regions/eu/keys',
      auth: `writer:${writer}`,
    });
    expect(basic.status).toBe(401);
  });

  it('is on no public listener, whatever the host and the key', async () => {
    const { https, http, ops } = gateway.ports;
    for (const [, operation] of OPERATIONS) {
      const method = operation.method.toUpperCase();
      const path = pathOf(operation);
      const headers = { authorization: `Bearer ${writer}` };
      for (const host of ['eu.onetime.localhost', 'us.onetime.localhost', 'onetime.localhost']) {
        const answer = await call(gateway.target(host), { method, path, headers });
        expect([host, method, path, answer.status >= 400]).toEqual([host, method, path, true]);
        expect(answer.text).not.toContain('writer');
        // A client that sends the name of the admin listener gets no further.
        const other = await call(gateway.target(host), {
          method,
          path,
          headers: { ...headers, host: `${ADMIN_HOST}:${https}` },
        });
        expect(other.status).toBe(421);
      }
      for (const port of [http, ops]) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          method,
          headers,
          redirect: 'manual',
        });
        expect([308, 400, 403, 404, 405, 421]).toContain(answer.status);
      }
    }
  });

  it('does not answer for a host of the public listeners', async () => {
    for (const host of ['eu.onetime.localhost', 'onetime.localhost', 'secrets.acme.test']) {
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
    await send(
      ADMIN_OPERATIONS.find(({ operationId }) => operationId === 'suspendAccount')!,
      writer,
    );
    await admin.call('/accounts', { key: reader, body: { email: 'x@example.com' } });
    const { code, stdout } = await gateway.command('admin-audit', '--region', 'eu', '--json');
    expect(code).toBe(0);
    const { entries } = JSON.parse(stdout) as { entries: Record<string, unknown>[] };
    expect(entries.slice(0, 2)).toMatchObject([
      { key_name: 'reader', operation: 'createAccount', status: 403, network: '127.0.0.0/24' },
      {
        key_name: 'writer',
        operation: 'suspendAccount',
        target: 'nobody@example.com',
        status: 404,
      },
    ]);
    expect(stdout).not.toContain(writer.slice(-64));

    const first = (await admin.call('/audit?limit=2')).json<AuditAnswer>();
    expect(first.entries.map(({ operation }) => operation)).toEqual(['listAudit', 'createAccount']);
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
