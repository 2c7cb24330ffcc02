import { freePorts } from '../../demo/free-ports.js';
import { DnsResolver } from '../../src/dns/dns-resolver.js';
import { DomainClient } from '../support/domain-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call } from '../support/https-client.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const MOVING = 'moving.acme.test';
const STATUS = { path: '/api/v1/status' };

let gateway: GatewayProcess;
let nameserverPort = 0;

beforeAll(async () => {
  [nameserverPort = 0] = await freePorts(1);
  gateway = await GatewayProcess.start({
    environment: {
      GATEWAY_WORKERS: '2',
      GATEWAY_NAMESERVERS_EU: 'ns1.eu.onetime.localhost',
      GATEWAY_NAMESERVER_PORT: String(nameserverPort),
    },
  });
});
afterAll(() => gateway?.stop());

interface Line {
  readonly msg: string;
  readonly worker?: number;
}

const lines = (): Line[] =>
  gateway.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);

async function metric(pattern: RegExp): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  return Number(pattern.exec(text)?.[1]);
}

describe('a name server of workers', () => {
  /** `gateway dev dns set`, as in the README. */
  async function set(fqdn: string, type: string, values: readonly string[]): Promise<void> {
    const { code, stderr } = await gateway.command('dev', 'dns', 'set', fqdn, type, ...values);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }

  it('lets a name have its certificate before it leads here', async () => {
    const { auth } = await gateway.account('eu', 'owner@acme.test', 'identity_plus');
    const client = new DomainClient(() => gateway.target(EU), auth);
    const { id } = await client.claim(MOVING);
    await until('the name server is reached by both workers', () => {
      const reached = lines().filter(({ msg }) => msg === 'name server is reached');
      return new Set(reached.map(({ worker }) => worker)).size === 2;
    });
    const { records } = await client.verify(id);
    const of = (purpose: string, type: string) => {
      const found = records.find((record) => record.purpose === purpose && record.type === type);
      if (found === undefined) throw new Error(`no record: ${JSON.stringify(records)}`);
      return set(found.fqdn, found.type, found.desired);
    };
    await of('ownership', 'TXT');
    await of('certificate', 'CNAME');
    await client.verify(id);
    expect((await client.serving(id)).routing.state).not.toBe('pointed');
    const answer = await call(gateway.target(MOVING), STATUS);
    expect(answer.status).toBe(200);
  });

  it('answers in each of them, on the port that they share', async () => {
    const questions = async () => {
      const resolver = new DnsResolver({ servers: [`127.0.0.1:${nameserverPort}`] });
      const { answer } = await resolver.lookup('acme.eu.onetime.localhost', 'NS');
      expect(answer).toMatchObject({ values: ['ns1.eu.onetime.localhost'] });
    };
    const counted = () =>
      metric(/^gateway_dns_queries_total\{[^}]*type="NS",rcode="NOERROR"[^}]*\} (\d+)$/m);
    for (let round = 0; round < 20; round += 1) await questions();
    expect(await counted()).toBe(20);
  });
});
