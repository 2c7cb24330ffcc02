import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { handshake } from '../../support/tls-client.js';
import { until } from '../../support/until.js';
import { EU, openTestListener, US, type TestListener } from './tls-test-listener.js';

/** Uses openssl, because Node's client does not offer a session ticket to another name. */
function ask(gateway: TestListener, name: string, options: readonly string[]): Promise<string> {
  const client = spawn('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${gateway.port}`,
    '-CAfile',
    join(gateway.test.directory, 'root.pem'),
    '-servername',
    name,
    '-ign_eof',
    ...options,
  ]);
  client.stdin.write(`GET / HTTP/1.1\r\nHost: ${EU}\r\nConnection: close\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let output = '';
    client.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    client.once('error', reject).once('close', () => resolve(output));
  });
}

describe('TlsListener: resumption', () => {
  let gateway: TestListener;
  beforeAll(async () => {
    gateway = await openTestListener();
  });
  afterAll(() => gateway.stop());

  it.each(['-tls1_2', '-tls1_3'])('resumes a session (%s)', async (version) => {
    const session = join(gateway.test.directory, `same${version}`);
    expect(await ask(gateway, EU, [version, '-sess_out', session])).toContain('\nNew, TLSv1');
    const resumed = await ask(gateway, EU, [version, '-sess_in', session]);
    expect(resumed).toContain('\nReused, TLSv1');
    expect(resumed).toContain(`sni=${EU}`);
  });

  it.each(['-tls1_2', '-tls1_3'])(
    'reports the requested name when a session of another name is resumed (%s)',
    async (version) => {
      const session = join(gateway.test.directory, `cross${version}`);
      await ask(gateway, EU, [version, '-sess_out', session]);
      const resumed = await ask(gateway, US, [version, '-sess_in', session]);
      expect(resumed).toContain('\nReused, TLSv1');
      expect(resumed).toContain(`sni=${US}`);
    },
  );

  it('refuses an unknown name, even with a valid session', async () => {
    const session = join(gateway.test.directory, 'stranger');
    await ask(gateway, EU, ['-tls1_2', '-sess_out', session]);
    const answer = await ask(gateway, 'elsewhere.example', ['-tls1_2', '-sess_in', session]);
    expect(answer).not.toContain('sni=');
  });

  it.each(['-tls1_2', '-tls1_3'])('replaces the keys of its tickets (%s)', async (version) => {
    const rotating = await openTestListener({ ticketKeyLifetime: 1000 });
    const session = join(rotating.test.directory, 'old');
    await ask(rotating, EU, [version, '-sess_out', session]);
    await until('an older session is not resumed', async () =>
      (await ask(rotating, EU, [version, '-sess_in', session])).includes('\nNew, TLSv1'),
    );
    await rotating.stop();
  });
});

describe('TlsListener: TLS 1.2', () => {
  let gateway: TestListener;
  beforeAll(async () => {
    gateway = await openTestListener();
  });
  afterAll(() => gateway.stop());

  const connect = (options: ConnectionOptions) =>
    handshake(gateway.port, { ca: gateway.ca, servername: EU, maxVersion: 'TLSv1.2', ...options });

  it.each(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'])(
    'has the AEAD suite %s',
    async (ciphers) => {
      const socket = await connect({ ciphers });
      expect(socket.getCipher().name).toBe(ciphers);
      socket.destroy();
    },
  );

  it.each(['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES128-GCM-SHA256'])(
    'has no suite %s',
    async (ciphers) => {
      await expect(connect({ ciphers })).rejects.toThrow();
    },
  );
});
