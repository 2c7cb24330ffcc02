import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { GatewayProcess } from '../support/gateway-process.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('a webhook of a process that is killed', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'webhooks-e2e-'));
  const taken: Taken[] = [];
  let gateway: GatewayProcess;
  let target: Server;
  let answers = false;

  beforeAll(async () => {
    target = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        taken.push({ headers: request.headers, body });
        if (answers) response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    gateway = await start();
  });
  afterAll(async () => {
    await gateway?.stop();
    target.closeAllConnections();
    target.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (): Promise<GatewayProcess> =>
    GatewayProcess.start({
      dataDir,
      environment: { GATEWAY_WEBHOOK_PRIVATE_TARGETS: '127.0.0.0/8' },
    });

  it('gets the event of that attempt from the next one, and no line has what is secret', async () => {
    const { auth } = await gateway.account('eu', 'hooks@example.com');
    const { port } = target.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/path-canary?token=query-canary`;
    const made = await gateway.call('eu', {
      path: '/api/account/webhooks',
      auth,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'audit', url, events: ['secret.created'] }),
    });
    expect(made.status).toBe(201);
    const { secret } = made.json<{ record: { secret: string } }>().record;
    const body = { secret: 'value-canary', passphrase: 'passphrase-canary' };
    const shared = await gateway.call('eu', { path: '/api/v1/share', auth, body });
    const keys = shared.json<{ secret_key: string; metadata_key: string }>();
    await until('the target has the request', () => taken.length === 1);
    await gateway.end('SIGKILL');
    const logs = gateway.logs;
    answers = true;
    gateway = await start();
    await query(gateway, 'eu', {
      text: 'update webhooks set leased_until = now(), next_at = now() where leased_until is not null',
    });
    await until('the event is delivered', () => gateway.logs.includes('webhook delivered'));
    const [first, second] = taken;
    expect(taken).toHaveLength(2);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    const event = new Webhook(secret).verify(
      second!.body,
      second!.headers as Record<string, string>,
    );
    expect(event).toMatchObject({ type: 'secret.created', data: { domain: null } });
    const all = logs + gateway.logs + second!.body;
    for (const word of ['canary', secret.slice(6), keys.secret_key, keys.metadata_key])
      expect(all).not.toContain(word);
  });
});
