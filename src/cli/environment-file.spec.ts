import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedEnvironment } from './environment-file.js';

const UNIT = 'deploy/systemd/onetime-gateway.service';
const DATA_DIR = '/var/lib/onetime-gateway';

describe(installedEnvironment, () => {
  const folder = mkdtempSync(join(tmpdir(), 'environment-file-'));
  const path = join(folder, 'gateway.env');
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string, caller: Record<string, string> = {}) => {
    writeFileSync(path, text);
    const { ONETIME_GATEWAY_ENV_FILE: _, ...rest } = installedEnvironment({
      ...caller,
      ONETIME_GATEWAY_ENV_FILE: path,
    });
    return rest;
  };

  it.each([
    ['A=x', 'x'],
    ['A=', ''],
    ['  A=x y \r', 'x y'],
    ['A=1:abc+/=,2:d=', '1:abc+/=,2:d='],
    ['A=postgres://u:p%23$x&y@db/eu?a=b#c', 'postgres://u:p%23$x&y@db/eu?a=b#c'],
    ['A="x # y"', 'x # y'],
    ["A='x;y'", 'x;y'],
    ['# A=1\n; A=2\n\nA=3', '3'],
    ['A=1\nA=2', '2'],
  ])('reads %j', (text, value) => {
    expect(read(text)).toEqual({ A: value, GATEWAY_DATA_DIR: DATA_DIR });
  });

  it.each(['canary', 'export A=canary', 'A=can\\ary', 'A="canary', 'A=x"canary"', '1A=canary'])(
    'refuses %j by its line and without quoting it',
    (line) => {
      const refusal = (): unknown => read(`B=1\n${line}`);
      expect(refusal).toThrow(/gateway\.env, line 2: expected NAME=value/);
      expect(refusal).not.toThrow(/canary/);
    },
  );

  it('lets the caller override the file, and the file the unit', () => {
    expect(read('A=file\nB=file\nGATEWAY_DATA_DIR=/d', { A: 'caller' })).toEqual({
      A: 'caller',
      B: 'file',
      GATEWAY_DATA_DIR: '/d',
    });
  });

  it('is the environment as it is where nothing is installed', () => {
    const caller = { A: '1', ONETIME_GATEWAY_ENV_FILE: join(folder, 'none') };
    expect(installedEnvironment(caller)).toBe(caller);
    expect(installedEnvironment({ A: '1' })).toEqual({ A: '1' });
  });

  it('refuses a file that cannot be read', () => {
    expect(() => installedEnvironment({ ONETIME_GATEWAY_ENV_FILE: folder })).toThrow(/EISDIR/);
  });

  it('has the data dir of the unit, and deploy/gateway the file of the unit', () => {
    const unit = readFileSync(UNIT, 'utf8');
    expect(unit).toMatch(new RegExp(`^Environment=.* GATEWAY_DATA_DIR=${DATA_DIR}$`, 'm'));
    const file = /^EnvironmentFile=(\S+)$/m.exec(unit)?.[1] ?? 'none';
    expect(readFileSync('deploy/gateway', 'utf8')).toContain(`=${file}\n`);
  });
});
