import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import { GatewayProcess } from '../support/gateway-process.js';
import {
  startHaproxy,
  waitForHealthChecks,
  withoutHaproxy,
  type HaproxyOptions,
} from '../support/haproxy.js';
import { Http2Client } from '../support/http2-client.js';
import { call } from '../support/https-client.js';
import type { RunningProgram } from '../support/pebble-program.js';
import { describeUnless } from '../support/requires.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';

describeUnless(withoutHaproxy(), 'behind HAProxy with send-proxy', () => {
  let gateway: GatewayProcess;
  let haproxy: RunningProgram | undefined;
  let folder: string;
  let ports: number[];
  let options: HaproxyOptions;
  beforeAll(async () => {
    gateway = await GatewayProcess.start({
      environment: { GATEWAY_PROXY_PROTOCOL_FROM: '127.0.0.0/8' },
    });
    folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
    ports = await freePorts(2);
    const [version1 = 0, version2 = 0] = ports;
    const to = gateway.ports.https;
    options = {
      folder,
      routes: [
        { from: version1, to, send: 'send-proxy' },
        { from: version2, to, send: 'send-proxy-v2' },
      ],
    };
    haproxy = startHaproxy(options);
  });
  afterAll(async () => {
    await haproxy?.stop();
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([0, 1])('version %# reaches the log with the client’s network', async (index) => {
    const target = { ...gateway.target(EU), port: ports[index] ?? 0 };
    const answer = await until('HAProxy listens', () =>
      call(target, { path: '/api/v1/status' }).catch((error: unknown) => {
        const failure = haproxy?.exited() ?? null;
        if (failure !== null) throw new Error(failure, { cause: error });
        return null;
      }),
    );
    expect(answer.status).toBe(200);
    const client = await Http2Client.connect(target);
    const overHttp2 = await client.request({ ':path': '/api/v1/status', ':authority': EU });
    expect(overHttp2.status).toBe(200);
    client.close();
    const id = String(overHttp2.headers['x-request-id']);
    const line = await until('the log line', () => gateway.lines.find((each) => each.includes(id)));
    expect(JSON.parse(line)).toMatchObject({ network: '127.0.0.0/24' });
  });

  it('its health checks are no refused connections', async () => {
    await waitForHealthChecks(options);
    const metrics = await (await gateway.ops('/metrics')).text();
    expect(metrics).not.toMatch(/^gateway_refused_(connections|handshakes)_total\{[^}]*\} [1-9]/m);
  });
});
