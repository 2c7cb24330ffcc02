import { randomBytes } from 'node:crypto';
import type { CellConfig } from '../config/cell-config.js';
import { KeyVault, type KeyPlace } from './key-vault.js';
import { Registry } from 'prom-client';
import { LogLines } from '../../test/support/log-lines.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

const unopened = new LogLines().capture(() => new UnopenedCiphertexts(new Registry()));
const OLD = { version: 1, bytes: randomBytes(32) };
const NEW = { version: 2, bytes: randomBytes(32) };
const PLACE: KeyPlace = { kind: 'certificate', name: 'secrets.acme.example', version: 3 };
const vaultOf = (rootKeys: object, region = 'eu') =>
  new KeyVault({ rootKeys, region } as unknown as CellConfig, unopened);

describe('KeyVault', () => {
  it('opens what it sealed, also after a root key rotation', () => {
    const sealed = vaultOf([OLD]).seal('a private key', PLACE);
    expect(sealed).toMatchObject({ keyVersion: 1 });
    expect(sealed.sealed.toString('latin1')).not.toContain('private');
    expect(vaultOf([NEW, OLD]).open(sealed, PLACE)).toBe('a private key');
  });

  it.each([
    ['name', { ...PLACE, name: 'other.acme.example' }, 'eu'],
    ['version', { ...PLACE, version: 4 }, 'eu'],
    ['kind', { ...PLACE, kind: 'order' as const }, 'eu'],
    ['region', PLACE, 'us'],
  ])('does not open a key for another %s', (_, place, region) => {
    const sealed = vaultOf([OLD]).seal('a private key', PLACE);
    expect(() => vaultOf([OLD], region).open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });

  it('reports a missing or damaged key without quoting it', () => {
    const { sealed, keyVersion } = vaultOf([OLD]).seal('a private key', PLACE);
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    const attempts = [
      () => vaultOf([OLD]).open({ sealed, keyVersion }, PLACE),
      () => vaultOf([OLD]).open({ sealed: sealed.subarray(0, 5), keyVersion }, PLACE),
      () => vaultOf([NEW]).open({ sealed, keyVersion }, PLACE),
    ];
    for (const open of attempts) {
      expect(open).toThrow(expect.objectContaining({ code: 'unavailable' }));
      expect(open).not.toThrow('private key');
    }
  });
});
