import { DomainScene } from '../support/domain-scene.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { TcpBalancer } from '../support/tcp-balancer.js';
import { until } from '../support/until.js';

describeWithPebble('a CA that may validate by tls-alpn-01 only', () => {
  let scene: DomainScene;
  /** The CA connects to it for tls-alpn-01, and nothing else does. */
  let validation: TcpBalancer;
  let validations = 0;

  beforeAll(async () => {
    validation = await TcpBalancer.open(() => {
      validations += 1;
      return scene.gateways.map(({ ports }) => ports.https);
    });
    scene = await DomainScene.open({ tlsPort: validation.port });
    scene.proxy.meta = { caaIdentities: ['ca.example'] };
    await scene.startGateway();
  });

  afterAll(async () => {
    await scene?.stop();
    await validation?.close();
  });

  it('validates a whole gateway, which then serves the certificate', async () => {
    // At the zone: the name itself becomes an alias.
    await scene.setCaa('alpn.test', 'ca.example; validationmethods=tls-alpn-01');
    expect(validations).toBe(0);
    const id = await scene.add('secrets.alpn.test');
    await until('the certificate is active', async () => {
      const { state } = await scene.certificate(id);
      return state === 'active';
    });
    expect(validations).toBeGreaterThan(0);
    const { serial } = await scene.certificate(id);
    expect(await scene.servedSerial('secrets.alpn.test')).toBe(serial);
  });
});
