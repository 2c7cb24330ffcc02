import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GatewayProcess } from '../support/gateway-process.js';
import { describeWherePossible, itUnless } from '../support/requires.js';

const HOST = 'eu.onetime.localhost';

interface Language {
  /** The word behind the backticks of docs/clients.md. */
  readonly fence: string;
  readonly file: string;
  /** Runs the file, which is the last argument. */
  readonly command: readonly [program: string, ...words: string[]];
  /** Not in CI: it runs where it is installed. */
  readonly isOptional?: true;
}

const LANGUAGES: readonly Language[] = [
  { fence: 'sh', file: 'share.sh', command: ['sh', '-eu'] },
  { fence: 'python', file: 'share.py', command: ['python3'] },
  { fence: 'js', file: 'share.mjs', command: [process.execPath] },
  { fence: 'ruby', file: 'share.rb', command: ['ruby'] },
  { fence: 'php', file: 'share.php', command: ['php'] },
  { fence: 'go', file: 'share.go', command: ['go', 'run'], isOptional: true },
];

/** The programs of docs/clients.md, as they stand there. */
function programIn(fence: string): string {
  const page = readFileSync('docs/clients.md', 'utf8');
  const [, program] = new RegExp(`^\`\`\`${fence}\\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  if (program === undefined) throw new Error(`docs/clients.md has no program in ${fence}`);
  return program;
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v "$1"`, 'sh', program]).status === 0;
}

/** Programs ask the system for the address of `*.localhost`, which many systems do not know. */
const canMapHosts = spawnSync('unshare', ['--mount', 'true']).status === 0;
const reason = canMapHosts ? null : 'unshare --mount is refused';

describeWherePossible(reason, 'the programs of docs/clients.md', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-clients-'));
  const hosts = join(directory, 'hosts');
  let gateway: GatewayProcess;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    const { auth, email } = await gateway.account('eu', 'sender@example.com');
    writeFileSync(hosts, `127.0.0.1 localhost ${HOST}\n`);
    const root = join(gateway.dataDir, 'ca', 'root.pem');
    environment = {
      PATH: process.env['PATH'],
      HOME: directory,
      GOCACHE: join(directory, 'go'),
      ONETIME_URL: `https://${HOST}:${gateway.ports.https}`,
      ONETIME_EMAIL: email,
      ONETIME_TOKEN: auth.slice(email.length + 1),
      CURL_CA_BUNDLE: root,
      NODE_EXTRA_CA_CERTS: root,
      SSL_CERT_FILE: root,
    };
  });

  afterAll(async () => {
    await gateway.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  for (const { fence, file, command, isOptional = false } of LANGUAGES) {
    const missing = isThere(command[0]) ? null : `${command[0]} is not installed`;
    const name = `${fence}: conceals, prints the link and reveals`;
    const test = async (): Promise<void> => {
      const path = join(directory, file);
      writeFileSync(path, programIn(fence));
      const mapped = 'mount --bind "$0" /etc/hosts && exec "$@"';
      const words = ['--mount', 'sh', '-c', mapped, hosts, ...command, path];
      const { stdout } = await promisify(execFile)('unshare', words, { env: environment });
      const [link = '', value] = stdout.trimEnd().split('\n');
      expect(link).toMatch(new RegExp(`^${environment['ONETIME_URL']}/secret/[0-9a-z]{31}$`));
      expect(value).toContain('the code is 4711');
    };
    if (isOptional && missing !== null) it.skip(`${name} (SKIPPED: ${missing})`, test);
    else itUnless(missing, name, test);
  }
});
