import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from './command-line.js';

type Environment = Record<string, string>;

describe(runCommandLine, () => {
  it.each<[string, string[], Environment, RegExp]>([
    ['no command', [], {}, /^Usage: gateway /],
    ['an incomplete command', ['account', 'token'], {}, /^Usage: gateway account token /],
    ['an unknown command', ['acount'], {}, /unknown command 'acount'/],
    ['an unknown option', ['account', 'list', '--nonsense'], {}, /unknown option '--nonsense'/],
    ['an extra argument', ['account', 'list', 'all'], {}, /too many arguments/],
    ['a missing address', ['account', 'show'], {}, /required option '--email/],
    ['an unknown plan', ['account', 'create', '--email', 'a@b.cd', '--plan', 'x'], {}, /basic/],
    ['a missing plan', ['account', 'plan', '--email', 'a@b.cd'], {}, /required option '--plan/],
    ['a bad record type', ['dev', 'dns', 'set', 'a.test', 'SRV', '1'], {}, /one of A, AAAA, CNAME/],
    ['a bad overlap', rotate('-1'), {}, /whole number/],
    ['a token without a name', ['account', 'token', 'create', '--email', 'a@b.cd'], {}, /--name/],
    ['an unknown scope', tokenOf('--scopes', 'read,all'), {}, /read,create,domains,account/],
    ['a blank name', tokenOf('--name', ' '), {}, /1 to 60 characters/],
    ['an overlap of over 90 days', rotate('7776001'), {}, /whole number from 0 to 7776000/],
    ['an unknown region', ['account', 'list', '--region', 'mars'], {}, /mars .*eu/],
    ['no region where two are served', ['account', 'list'], {}, /^--region: expected .*us, eu/],
    ['a bad variable', ['account', 'list'], { GATEWAY_HTTPS_PORT: 'x' }, /^GATEWAY_HTTPS_PORT: /],
    ['a bad variable', ['config', 'check'], { GATEWAY_HTTPS_PORT: 'x' }, /^GATEWAY_HTTPS_PORT: /],
    [
      'a missing file',
      ['config', 'check'],
      { GATEWAY_BRAND_FILE: '/nowhere' },
      /^GATEWAY_BRAND_FILE: /,
    ],
    ['an unknown variable', ['migrate'], { GATEWAY_HTTP_PROT: '1' }, /^GATEWAY_HTTP_PROT: /],
  ])('refuses %s with code 2 and an error message', async (_, words, environment, complaint) => {
    const { code, printed, complained } = await run(words, environment);
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(complained).toMatch(complaint);
    expect(complained).not.toMatch(/^\s+at /m);
  });

  it('accepts a valid configuration', async () => {
    const { code, printed } = await run(['config', 'check'], { GATEWAY_REGIONS: 'eu' });
    expect({ code, printed }).toEqual({ code: 0, printed: 'valid; serves eu' });
  });

  describe('without the environment of its gateway', () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-gateway-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const commands = [
      'account list',
      'account create --email a@b.cd',
      'admin-key list',
      'admin-audit',
      'domain list',
      'certificate list',
      'migrate',
      'migrate --revert',
      'rekey',
      'backup --to backup',
      'export --to export',
      'shred --account a@b.cd',
      'shred --secrets',
      'shred --everything --yes',
      'dev dns set a.test A 127.0.0.1',
      'dev dns list',
    ].map((text) => [text]);

    it.each(commands)('%s makes no database and answers from no empty one', async (text) => {
      const dataDir = join(folder, 'not-made');
      const region = text.startsWith('dev') ? [] : ['--region', 'eu'];
      const words = text.replace(/ (backup|export)$/, ` ${folder}/$1`).split(' ');
      const { code, printed, complained } = await run([...words, ...region], {
        GATEWAY_REGIONS: 'eu',
        GATEWAY_DATA_DIR: dataDir,
      });
      expect({ printed, failed: code !== 0 }).toEqual({ printed: '', failed: true });
      expect(complained).toMatch(/environment of the gateway|its environment|no root key/);
      expect(complained).not.toMatch(/^\s+at /m);
      expect([existsSync(dataDir), readdirSync(folder)]).toEqual([false, []]);
    });
  });

  it('prints help to stdout, with code 0', async () => {
    const { code, printed, complained } = await run(['account', 'create', '--help'], {});
    expect({ code, complained }).toEqual({ code: 0, complained: '' });
    expect(printed).toMatch(/--plan <plan> .*"basic",\s+"identity_plus"/);
  });
});

function tokenOf(...words: string[]): string[] {
  const named = words.includes('--name') ? [] : ['--name', 'x'];
  return ['account', 'token', 'create', '--email', 'a@b.cd', ...named, ...words];
}

function rotate(overlap: string): string[] {
  return ['account', 'token', 'rotate', '--email', 'a@b.cd', '--overlap', overlap];
}

async function run(words: string[], environment: Environment) {
  const printed: string[] = [];
  const complained: string[] = [];
  const context = { environment, print: (text: string) => void printed.push(text) };
  const code = await runCommandLine(words, context, (text) => void complained.push(text));
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}
