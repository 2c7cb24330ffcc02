import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireDataDir } from './data-dir.js';

describe(requireDataDir.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-dir-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes the folder and those above it, for this user only', () => {
    const path = join(folder, 'a', 'b', 'c');
    requireDataDir(path);
    requireDataDir(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['a folder that takes no others', '/proc/x', /^GATEWAY_DATA_DIR: \/proc\/x cannot be made$/],
    ['a file', join(folder, 'file'), /is a file, not a folder/],
    ['a path below a file', join(folder, 'file', 'below'), /is a file, not a folder/],
  ])('refuses %s', (_, path, message) => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => requireDataDir(path)).toThrow(message);
  });
});
