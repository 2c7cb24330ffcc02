import { DomainScene } from '../support/domain-scene.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

interface Readiness {
  readonly status: string;
  readonly cells: readonly {
    readonly region: string;
    readonly state: string;
    readonly without_certificate?: readonly string[];
  }[];
}

/** Of a region with a CA: the gateway serves and is ready, and says which of its own hosts cannot be reached by TLS. */
describeWithPebble('/readyz', () => {
  let scene: DomainScene;
  let gateway: GatewayProcess;
  beforeAll(async () => {
    scene = await DomainScene.open();
    scene.proxy.outage = true;
    gateway = await scene.spawnGateway();
  });
  afterAll(() => scene?.stop());

  const readiness = async (): Promise<Readiness> =>
    (await (await gateway.ops('/readyz')).json()) as Readiness;
  const missing = async (): Promise<readonly string[] | undefined> =>
    (await readiness()).cells[0]?.without_certificate;

  it('names each own host that has no certificate, and is ready', async () => {
    await gateway.ready();
    expect((await gateway.ops('/readyz')).status).toBe(200);
    const { status, cells } = await readiness();
    expect([status, cells[0]?.state]).toEqual(['ready', 'serving']);
    expect(await missing()).toEqual(expect.arrayContaining([HOST]));
  });

  it('names none once they are issued', async () => {
    scene.proxy.heal();
    await scene.query('delete from ca_holds');
    await scene.query('update issuances set next_at = now()');
    await until('the certificates are issued', async () => (await missing()) === undefined);
    expect(Object.keys((await readiness()).cells[0] ?? {})).toEqual(['region', 'state']);
  });

  it('names the host whose certificate has expired, or whose key does not open', async () => {
    const rows = await scene.query<{ at: Date }>('select not_after as at from certificates');
    await scene.query(`update certificates set not_after = now() where hostname = $1`, [HOST]);
    expect(await missing()).toEqual([HOST]);
    await scene.query('update certificates set not_after = $1', [rows[0]?.at]);
    expect(await missing()).toBeUndefined();
    await scene.query('update certificates set key_version = 9 where hostname = $1', [HOST]);
    expect(await missing()).toEqual([HOST]);
  });
});

const HOST = 'eu.onetime.localhost';
