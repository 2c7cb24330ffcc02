import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config/config.js';
import { buildCellConfig } from './build-cell-config.js';

const folder = mkdtempSync(join(tmpdir(), 'cell-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OWN_DATABASE = {
  GATEWAY_DATABASE_URL_EU: 'postgres://u:p@db.example/eu',
  GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
};

function isSignUpOpen(variables: Readonly<Record<string, string>>): boolean {
  const config = readConfig({
    GATEWAY_REGIONS: 'eu',
    GATEWAY_DATA_DIR: folder,
    ...variables,
  });
  const [region] = config.served;
  return buildCellConfig(config, region!, 'postgres://any').isSignUpOpen;
}

describe('whether people make accounts by themselves', () => {
  it.each([
    ['yes with the embedded database, which is for development', {}, true],
    ['no with a database of its own', OWN_DATABASE, false],
    ['as GATEWAY_SIGNUP says: open', { ...OWN_DATABASE, GATEWAY_SIGNUP: 'open' }, true],
    ['as GATEWAY_SIGNUP says: closed', { GATEWAY_SIGNUP: 'closed' }, false],
  ])('%s', (_name, variables, expected) => {
    expect(isSignUpOpen(variables)).toBe(expected);
  });

  it('is refused for any other word, by name', () => {
    expect(() => isSignUpOpen({ GATEWAY_SIGNUP: 'maybe' })).toThrow(
      /GATEWAY_SIGNUP.*open or closed/,
    );
  });
});
