import { once } from 'node:events';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { ADMIN_OPERATIONS } from '../../src/admin/admin-operations.js';
import { AdminScene } from '../support/admin-scene.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { request as secureRequest } from 'node:https';
import type { DomainClient, DomainRecord } from '../support/domain-client.js';
import { until } from '../support/until.js';

interface AdminDomain {
  readonly id: string;
  readonly hostname: string;
  readonly account_id: string;
  readonly blocked: { readonly reason: string } | null;
}

interface DomainRequest {
  readonly agent?: Agent;
  readonly method?: string;
  readonly path: string;
  readonly authorization?: string;
}

/** The status of a request without TLS. */
async function onPlain(
  port: number,
  { name, authorization, ...request }: DomainRequest & { readonly name: string },
): Promise<number> {
  const headers = { host: name, authorization };
  const outgoing = plainRequest({ host: '127.0.0.1', port, ...request, headers });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

describe('domains in the operator API, with two processes', () => {
  let scene: AdminScene;
  let ann: DomainClient;
  const agents: Agent[] = [];

  beforeAll(async () => {
    scene = await AdminScene.start();
    ann = await scene.customer('ann@example.com');
  });
  afterAll(async () => {
    for (const agent of agents) agent.destroy();
    await scene.stop();
  });

  /** A request on the custom domain, over the agent's connection. */
  function on(
    gateway: GatewayProcess,
    name: string,
    { agent, method = 'GET', path, authorization }: DomainRequest,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      secureRequest(
        {
          host: '127.0.0.1',
          port: gateway.ports.https,
          servername: name,
          rejectUnauthorized: false,
          method,
          path,
          headers: {
            host: `${name}:${gateway.ports.https}`,
            ...(authorization === undefined ? {} : { authorization }),
          },
          agent: agent ?? false,
        },
        (response) => {
          response.resume().once('end', () => resolve(response.statusCode ?? 0));
        },
      )
        .on('error', reject)
        .end();
    });
  }

  async function share(client: DomainClient): Promise<string> {
    const answer = await scene.gateways[0].call('eu', {
      path: '/api/v1/share',
      auth: client.auth,
      body: { secret: 'for the recipient', share_domain: '' },
    });
    return answer.json<{ secret_key: string }>().secret_key;
  }

  const byName = async (name: string): Promise<readonly AdminDomain[]> =>
    (await scene.admin.call(`/domains?hostname=${name}`)).json<{ domains: AdminDomain[] }>()
      .domains;

  it('a block stops serving in every process, also over open connections, and tells the owner', async () => {
    const name = 'blocked.acme.test';
    const domain = await scene.setUp(ann, name);
    const open = scene.gateways.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    agents.push(...open);
    const visit = (): Promise<number[]> =>
      Promise.all(
        scene.gateways.map((gateway, index) =>
          on(gateway, name, { agent: open[index]!, path: '/api/v1/status' }),
        ),
      );
    expect(await visit()).toEqual([200, 200]);

    for (let time = 0; time < 2; time += 1) {
      const blocked = await scene.admin.call(`/domains/${name}/block`, {
        body: { reason: 'It shows a copy of a bank.' },
      });
      expect(blocked.status).toBe(200);
      expect(blocked.json<AdminDomain>().blocked?.reason).toBe('It shows a copy of a bank.');
    }
    await scene.untilServed(name, false);
    expect(await visit()).toEqual([421, 421]);

    const seen = await ann.get(domain.id);
    expect(seen.serving).toMatchObject({ ready: false, blocked_by: ['operator'] });
    expect(seen.issues.map(({ code }) => code)).toContain('NAME_BLOCKED');
    const events = await ann.events(domain.id);
    expect(events.filter(({ type }) => type === 'blocked')).toHaveLength(1);

    // The block is the name's: releasing and claiming again does not lift it.
    await ann.send('DELETE', `/${domain.id}`);
    const again = await ann.claim(name);
    expect(again.issues.map(({ code }) => code)).toContain('NAME_BLOCKED');
    expect((await byName(name))[0]).toMatchObject({ id: again.id, blocked: {} });

    expect((await scene.admin.call(`/domains/${name}/unblock`, { method: 'POST' })).status).toBe(
      200,
    );
    expect((await ann.get(again.id)).issues.map(({ code }) => code)).not.toContain('NAME_BLOCKED');
  });

  it('an unblocked name is served again, with the certificate that it had', async () => {
    const name = 'again.acme.test';
    await scene.setUp(ann, name);
    const before = await scene.serials(name);
    await scene.admin.call(`/domains/${name}/block`, { body: { reason: 'A mistake.' } });
    await scene.untilServed(name, false);
    await scene.admin.call(`/domains/${name}/unblock`, { method: 'POST' });
    await scene.untilServed(name, true);
    expect(await scene.serials(name)).toEqual(before);
  });

  it('a transfer keeps the certificate, and secrets stay with their maker', async () => {
    const name = 'moved.acme.test';
    const bob = await scene.customer('bob@example.com');
    await scene.customer('basic@example.com', 'basic');
    const domain: DomainRecord = await scene.setUp(ann, name);
    const serials = await scene.serials(name);
    const secret = await share(ann);

    const refused = await scene.admin.call(`/domains/${name}/transfer`, {
      body: { account: 'basic@example.com' },
    });
    expect(refused.json()).toMatchObject({ code: 'PLAN_REQUIRED', field: 'account' });
    // Bob has a claim of his own, which the transfer replaces.
    const claimed = await bob.claim(name);
    for (let time = 0; time < 2; time += 1) {
      const moved = await scene.admin.call(`/domains/${name}/transfer`, {
        body: { account: 'bob@example.com' },
      });
      expect(moved.json<AdminDomain>().id).toBe(domain.id);
    }
    expect((await bob.get(domain.id)).serving.ready).toBe(true);
    expect((await bob.send('GET', `/${claimed.id}`)).status).toBe(404);
    expect((await ann.send('GET', `/${domain.id}`)).status).toBe(404);
    expect(await scene.serials(name)).toEqual(serials);
    expect((await bob.events(domain.id)).filter(({ type }) => type === 'transferred')).toHaveLength(
      1,
    );

    const recentOf = async ({ auth }: DomainClient): Promise<string> =>
      (await scene.gateways[1].call('eu', { path: '/api/v1/private/recent', auth })).text;
    expect((await recentOf(ann)).length).toBeGreaterThan(2);
    expect(await recentOf(bob)).toBe('[]');
    const revealed = await scene.gateways[1].call('eu', {
      method: 'POST',
      path: `/api/v1/secret/${secret}`,
    });
    expect(revealed.status).toBe(200);
  });

  it('orders a new certificate now', async () => {
    const name = 'renewed.acme.test';
    await scene.setUp(ann, name);
    const before = await scene.serials(name);
    expect((await scene.admin.call(`/domains/${name}/reissue`, { method: 'POST' })).status).toBe(
      200,
    );
    await until('both processes serve the new certificate', async () => {
      const now = await scene.serials(name);
      return now.every((serial, index) => serial !== null && serial !== before[index]) || null;
    });
  });

  it('releases a domain, and knows no other afterwards', async () => {
    const name = 'released.acme.test';
    const { id } = await scene.setUp(ann, name);
    expect((await scene.admin.call(`/domains/${id}`, { method: 'DELETE' })).json()).toMatchObject({
      hostname: name,
      released: true,
    });
    await scene.untilServed(name, false);
    expect((await scene.admin.call(`/domains/${name}`)).status).toBe(404);
    expect((await ann.send('GET', `/${id}`)).status).toBe(404);
  });

  it('is on no served custom domain, in any process', async () => {
    const name = 'served.acme.test';
    await scene.setUp(ann, name);
    const authorization = `Bearer ${scene.admin.key}`;
    for (const { method: lower, path: template } of ADMIN_OPERATIONS) {
      const path = template.replace('{region}', 'eu').replace(/\{\w+\}/g, name);
      const method = lower.toUpperCase();
      for (const gateway of scene.gateways) {
        const secure = await on(gateway, name, { method, path, authorization });
        expect([method, path, secure]).toEqual([method, path, 404]);
        const plain = await onPlain(gateway.ports.http, { name, method, path, authorization });
        expect([method, path, plain]).toEqual([method, path, 308]);
      }
    }
    // None of them has done anything.
    expect((await byName(name))[0]).toMatchObject({ hostname: name, blocked: null });
  });

  it('support sees what is wrong with a domain as its owner does, by API and by command', async () => {
    const { id } = await ann.claim('wrong.acme.test');
    const { issues, records } = await ann.verify(id);
    const codes = issues.map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    const answer = await scene.admin.call(`/domains/${id}`);
    const command = ['domain', 'show', '--region', 'eu', '--name', id];
    const { stdout: json } = await scene.gateways[0].command(...command, '--json');
    for (const shown of [answer.json<DomainRecord>(), JSON.parse(json) as DomainRecord]) {
      expect(shown.issues.map(({ code }) => code)).toEqual(codes);
      expect(shown.records).toEqual(records);
    }
    const { stdout: text } = await scene.gateways[0].command(...command);
    for (const code of codes) expect(text).toContain(code);
    for (const { fqdn, desired } of records)
      expect(text).toMatch(new RegExp(`${fqdn}.*${desired.join(' ')}`));
  });

  it('the command line does the same, while the gateways run', async () => {
    const name = 'cli.acme.test';
    const { id } = await scene.setUp(ann, name);
    const run = async (...words: string[]) => {
      const all = [...words, '--region', 'eu', '--json'];
      const { code, stdout, stderr } = await scene.gateways[0].command(...all);
      if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const listed = await run('domain', 'list', '--account', 'ann@example.com');
    expect(JSON.stringify(listed)).toContain(id);
    expect(await run('domain', 'show', '--name', name)).toMatchObject({
      domain: { id, ownership: 'verified' },
      certificate: { state: 'active' },
    });
    const { checked_at: checkedAt } = await run('domain', 'verify', '--name', name);
    await until('the gateway has checked it', async () => {
      const answer = await scene.admin.call(`/domains/${name}`);
      const { domain } = answer.json<{ domain: { checked_at: string } }>();
      return domain.checked_at !== checkedAt || null;
    });
    await run('domain', 'block', '--name', name, '--reason', 'A test.');
    await scene.untilServed(name, false);
    await run('domain', 'unblock', '--name', name);
    await scene.untilServed(name, true);
    const before = await scene.serials(name);
    await run('domain', 'reissue', '--name', name);
    await until('a new certificate', async () => {
      const [serial] = await scene.serials(name);
      return (serial !== null && serial !== before[0]) || null;
    });
    const due = await run('certificate', 'list', '--due', '--within', '9000000');
    expect(JSON.stringify(due)).toContain(name);
    await scene.customer('carol@example.com');
    await run('domain', 'transfer', '--name', name, '--to', 'carol@example.com');
    await run('domain', 'release', '--name', name);
    await scene.untilServed(name, false);
    const { code } = await scene.gateways[0].command(
      'domain',
      'show',
      '--region',
      'eu',
      '--name',
      name,
    );
    expect(code).toBe(1);
  });
});
