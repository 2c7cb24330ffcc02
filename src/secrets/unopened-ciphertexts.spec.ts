import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import { LogLines } from '../../test/support/log-lines.js';
import { KeyVault } from '../certificates/key-vault.js';
import type { CellConfig } from '../config/cell-config.js';
import { SecretCipher } from './secret-cipher.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

const lines = new LogLines();
const registry = new Registry();
const unopened = lines.capture(() => new UnopenedCiphertexts(registry));
const config = { rootKeys: [{ version: 1, bytes: randomBytes(32) }], region: 'eu' } as never;
const cipher = new SecretCipher(config as CellConfig, unopened);
const vault = new KeyVault(config as CellConfig, unopened);
const record = { lookup: Buffer.from('0102', 'hex'), domain: null, keyVersion: 1 };
const count = async (kind: string): Promise<number> => {
  const metric = await registry.getSingleMetric('gateway_unopened_ciphertexts_total')?.get();
  return metric?.values.find(({ labels }) => labels['kind'] === kind)?.value ?? Number.NaN;
};
function damaged(envelope: Buffer): Buffer {
  const copy = Buffer.from(envelope);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}

describe(UnopenedCiphertexts.name, () => {
  it('counts and logs a damaged value as an error, and nothing that opens it', async () => {
    const lock = { secretKey: 'canary-key', stretched: null };
    expect(await count('value')).toBe(0);
    const envelope = cipher.sealValue('canary-value', lock, record);
    expect(cipher.openValue(damaged(envelope), lock, record)).toBeNull();
    expect(await count('value')).toBe(1);
    expect(lines.all.at(-1)).toMatchObject({
      level: 'error',
      kind: 'value',
      lookup: '0102',
      keyVersion: 1,
      msg: 'a stored ciphertext does not open',
    });
    expect(JSON.stringify(lines.all)).not.toContain('canary');
  });

  it('does not count a wrong passphrase', async () => {
    const lock = { secretKey: 'key', stretched: randomBytes(32) };
    const envelope = cipher.sealValue('value', lock, record);
    const before = await count('value');
    expect(cipher.openValue(envelope, { ...lock, stretched: randomBytes(32) }, record)).toBeNull();
    expect(await count('value')).toBe(before);
  });

  it('counts the sealed keys of receipts and of certificates', async () => {
    const key = damaged(cipher.sealSecretKey('secret', 'metadata', record));
    expect(() => cipher.openSecretKey(key, 'metadata', record)).toThrow();
    expect(await count('secret key')).toBe(1);
    const place = { kind: 'certificate', name: 'a.example', version: 2 } as const;
    const { sealed } = vault.seal('canary-pem', place);
    expect(() => vault.open({ sealed: damaged(sealed), keyVersion: 1 }, place)).toThrow();
    expect(await count('certificate')).toBe(1);
    expect(lines.all.at(-1)).toMatchObject({ kind: 'certificate', name: 'a.example', version: 2 });
  });
});
