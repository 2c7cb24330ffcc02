import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { ContainerImage } from '../support/container-image.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { describeUnless } from '../support/requires.js';

/** Why the image cannot be made on this machine; null when it can. */
function whyNot(): string | null {
  if (getuid?.() !== 0) return 'chroot needs root';
  const isThere = spawnSync('debootstrap', ['--version']).status === 0;
  return isThere ? null : "Debian's package debootstrap is not installed";
}

describeUnless(whyNot(), 'the container image', () => {
  let image: ContainerImage;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    image = ContainerImage.build();
    const [program = '', ...words] = image.command;
    gateway = await GatewayProcess.start({
      command: image.inside(program, ...words),
      dataDir: join(image.root, 'data'),
      environment: { ...image.environment, GATEWAY_DATA_DIR: '/data', ...LOOPBACK },
    });
  }, 1_200_000);

  afterAll(async () => {
    await gateway?.stop();
    image?.remove();
  });

  it('builds on a minimal Debian, starts as its own user and serves', async () => {
    const shared = await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'kept' } });
    expect(shared.status).toBe(200);
    const { secret_key: key } = shared.json<{ secret_key: string }>();
    const path = `/api/v1/secret/${key}`;
    expect((await gateway.call('eu', { method: 'POST', path })).json()['value']).toBe('kept');
  });

  it('has the operator’s commands as `gateway`, beside the running gateway', () => {
    const words = ['account', 'create', '--region', 'eu', '--email', 'a@example.com', '--json'];
    const created = inImage('gateway', ...words);
    expect(created.stderr).toBe('');
    expect(JSON.parse(created.stdout)).toMatchObject({ email: 'a@example.com', region: 'eu' });
    expect(inImage('gateway', 'account', 'list', '--region', 'eu').stdout).toContain(
      'a@example.com',
    );
  });

  it('has no npm, no compiler and no development packages', () => {
    for (const name of ['npm', 'cc', 'tsc', 'jest', 'oxlint'])
      expect(inImage('sh', '-c', `command -v ${name}`).status).not.toBe(0);
  });

  function inImage(...words: string[]) {
    const [program, ...rest] = image.inside(...words);
    const environment = { ...image.environment, ...LOOPBACK };
    return spawnSync(program, rest, { env: environment, encoding: 'utf8' });
  }
});

/** The image listens on every address, which is the container's own; here it is this machine's. */
const LOOPBACK = { GATEWAY_BIND: '127.0.0.1', GATEWAY_OPS_BIND: '127.0.0.1' };
