import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { readPublicKey, spkiOf } from '../../../src/domains/connect/public-key-records.js';

const KEY_FILE = 'GATEWAY_DOMAIN_CONNECT_KEY_FILE';

describe('gateway domain-connect', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onetime-connect-'));
  const keyFile = join(folder, 'keys', 'connect.pem');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const printed: string[] = [];
    const complaints: string[] = [];
    const environment = {
      GATEWAY_BASE_DOMAIN: 'onetime.example',
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
      GATEWAY_REGIONS: 'eu,us',
      GATEWAY_INGRESS_IPS_EU: '192.0.2.10,2001:db8::10',
      GATEWAY_INGRESS_IPS_US: '192.0.2.20',
      GATEWAY_DATA_DIR: folder,
      ...variables,
    };
    const context = { environment, print: (text: string) => void printed.push(text) };
    const code = await runCommandLine(words, context, (text) => void complaints.push(text));
    return { code, text: printed.join('\n'), complaint: complaints.join('\n') };
  }

  it('key makes the file once, for its owner alone, and prints the records of its public half', async () => {
    const made = await run(['domain-connect', 'key', '--file', keyFile, '--json']);
    expect(made.code).toBe(0);
    const { created, name, values } = JSON.parse(made.text) as {
      created: boolean;
      name: string;
      values: string[];
    };
    expect([created, name]).toEqual([true, '_dck1.onetime.example']);
    expect(statSync(keyFile).mode & 0o077).toBe(0);
    expect(readPublicKey(values)).toBe(spkiOf(createPublicKey(readFileSync(keyFile))));
    expect(made.text).not.toContain('PRIVATE');

    const before = readFileSync(keyFile);
    const again = await run(['domain-connect', 'key'], {
      [KEY_FILE]: keyFile,
      GATEWAY_DOMAIN_CONNECT_KEY_LABEL: '_dck2',
      GATEWAY_DOMAIN_CONNECT_PUBLIC_KEY_DOMAIN: 'keys.onetime.example',
    });
    expect(again.code).toBe(0);
    expect(readFileSync(keyFile)).toEqual(before);
    for (const value of values)
      expect(again.text).toContain(`_dck2.keys.onetime.example. 3600 IN TXT "${value}"`);
  });

  it('key says which file it needs, and refuses one that is no key', async () => {
    expect(await run(['domain-connect', 'key'])).toMatchObject({
      code: 1,
      complaint: expect.stringContaining(KEY_FILE) as string,
    });
    const other = join(folder, 'other.pem');
    writeFileSync(other, 'not a key');
    const refused = await run(['domain-connect', 'key', '--file', other]);
    expect([refused.code, refused.complaint]).toEqual([1, expect.stringContaining(other)]);
    expect(readFileSync(other, 'utf8')).toBe('not a key');
  });

  it('templates writes those of every served region, with the delegation where there is a name server', async () => {
    const out = join(folder, 'templates');
    const words = ['domain-connect', 'templates', '--out', out, '--name', 'Onetime'];
    expect((await run([...words, '--version-number', '7'])).code).toBe(0);
    const files = readdirSync(out).toSorted();
    expect(files).toEqual([
      'onetime.example.custom-domain-apex-eu-basic.json',
      'onetime.example.custom-domain-apex-us-basic.json',
      'onetime.example.custom-domain-apex-www-eu-basic.json',
      'onetime.example.custom-domain-apex-www-us-basic.json',
      'onetime.example.custom-domain-basic.json',
    ]);
    const apex = JSON.parse(readFileSync(join(out, files[0] ?? ''), 'utf8')) as object;
    expect(apex).toMatchObject({ providerName: 'Onetime', version: 7 });
    const delegable = await run(['domain-connect', 'templates'], {
      GATEWAY_NAMESERVERS_EU: 'ns1.onetime.example',
      GATEWAY_NAMESERVERS_US: 'ns1.onetime.example',
    });
    expect([delegable.code, delegable.complaint]).toEqual([0, '']);
    expect(delegable.text).toContain('"%target%.acme.%region%.onetime.example"');
    expect(delegable.text).not.toContain('-basic');
    expect((await run([...words, '--version-number', '0'])).code).toBe(2);
  });

  it('check needs the key, and a name that can be claimed', async () => {
    const check = ['domain-connect', 'check', 'secrets.example.com', '--region', 'eu'];
    expect(await run(check)).toMatchObject({ code: 2 });
    const refused = await run(['domain-connect', 'check', 'co.uk', '--region', 'eu'], {
      [KEY_FILE]: keyFile,
    });
    expect(refused).toMatchObject({ code: 1, text: '' });
  });

  it('is refused by name where the configuration is wrong', async () => {
    const short = join(folder, 'short.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    writeFileSync(short, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const check = async (variables: Readonly<Record<string, string>>) => {
      const { code, complaint } = await run(['config', 'check'], variables);
      expect(code).toBe(2);
      return complaint;
    };
    const missing = join(folder, 'missing.pem');
    expect(await check({ [KEY_FILE]: missing })).toContain(KEY_FILE);
    expect(existsSync(missing)).toBe(false);
    expect(await check({ [KEY_FILE]: short })).toContain('2048');
    const label = { GATEWAY_DOMAIN_CONNECT_KEY_LABEL: 'a.b' };
    expect(await check({ [KEY_FILE]: keyFile, ...label })).toContain('one label');
    expect(await check({ GATEWAY_DOMAIN_CONNECT_PROVIDERS: 'godaddy.com' })).toContain(KEY_FILE);
    const withCa = await check({
      [KEY_FILE]: keyFile,
      GATEWAY_ACME_DIRECTORY: 'https://ca.example/directory',
      GATEWAY_DOMAIN_CONNECT_PORT: '8443',
    });
    expect(withCa).toContain('for tests only');
  });
});
