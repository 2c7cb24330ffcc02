import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireHostname } from '../../src/shared/hostname.js';
import {
  openTestAuthority,
  type TestAuthority,
} from '../integration/certificates/test-authority.js';
import { ADMIN_HOST, adminPort } from '../support/admin-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { handshake } from '../support/tls-client.js';
import { until } from '../support/until.js';

const FAILED = 'admin certificate not loaded, the one before stays in use';

describe("the files of the operator API's certificate", () => {
  let authority: TestAuthority;
  let environment: Record<string, string>;

  beforeAll(async () => {
    authority = await openTestAuthority();
    environment = {
      ...(await adminPort()),
      GATEWAY_ADMIN_TLS_CERT_FILE: join(authority.directory, 'admin-cert.pem'),
      GATEWAY_ADMIN_TLS_KEY_FILE: join(authority.directory, 'admin-key.pem'),
    };
  });
  afterAll(() => authority.remove());

  const issue = () => authority.authority.issue(requireHostname(ADMIN_HOST));

  async function write(certificate: string, key: string): Promise<void> {
    await writeFile(String(environment['GATEWAY_ADMIN_TLS_KEY_FILE']), key);
    await writeFile(String(environment['GATEWAY_ADMIN_TLS_CERT_FILE']), certificate);
  }

  async function serial(): Promise<string> {
    const socket = await handshake(Number(environment['GATEWAY_ADMIN_PORT']), {
      servername: ADMIN_HOST,
      ca: authority.rootPem,
    });
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  it('are read again while the gateway runs, and a broken pair is not used', async () => {
    const first = await issue();
    const second = await issue();
    await write(first.chainPem, first.privateKeyPem);
    const gateway = await GatewayProcess.start({ environment });
    try {
      const before = await serial();
      await write(second.chainPem, first.privateKeyPem);
      await until('the pair is refused', () => gateway.logs.includes(FAILED) || null);
      expect(await serial()).toBe(before);
      expect(gateway.logs).not.toContain('PRIVATE KEY-----');
      await write(second.chainPem, second.privateKeyPem);
      await until('the new pair is used', async () => (await serial()) !== before || null);
    } finally {
      await gateway.stop();
    }
  });

  it.each([
    ['a key of another certificate', 'expected the private key of the certificate'],
    ['text', 'expected a file in PEM'],
  ])('%s stops the start, with the name of the variable', async (kind, message) => {
    const { chainPem } = await issue();
    const other = (await issue()).privateKeyPem;
    await write(chainPem, kind === 'text' ? 'no key' : other);
    const gateway = await GatewayProcess.spawn({ environment });
    try {
      const [code] = (await once(gateway.child, 'close')) as [number];
      expect(code).not.toBe(0);
      expect(gateway.logs).toContain('GATEWAY_ADMIN_TLS_KEY_FILE');
      expect(gateway.logs).toContain(message);
    } finally {
      await gateway.stop();
    }
  });
});
