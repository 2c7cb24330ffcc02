import { DomainScene } from '../support/domain-scene.js';
import { REGION_HOST } from '../support/domain-scene-services.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

interface Readiness {
  readonly cells: readonly { readonly without_certificate?: readonly string[] }[];
}

describeWithPebble('readiness of a region with a CA', () => {
  let scene: DomainScene;
  beforeAll(async () => {
    scene = await DomainScene.open();
  });
  afterAll(() => scene?.stop());

  const missing = async (gateway: GatewayProcess): Promise<readonly string[]> => {
    const answer = (await (await gateway.ops('/readyz')).json()) as Readiness;
    return answer.cells[0]?.without_certificate ?? [];
  };

  it('names the own hosts that have no certificate yet, until they have', async () => {
    scene.proxy.outage = true;
    const gateway = await scene.spawnGateway();
    await gateway.ready();
    expect(await missing(gateway)).toContain(REGION_HOST);
    scene.proxy.heal();
    await scene.letPass(60, REGION_HOST);
    await until('the region host has its certificate', async () => {
      const hosts = await missing(gateway);
      return !hosts.includes(REGION_HOST);
    });
  });
});
