import { spawn } from 'node:child_process';
import { join } from 'node:path';
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
});
