import { hkdfSync, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import type { AccountId } from '../accounts/account.js';
import type { CellConfig } from '../config/cell-config.js';
import type { Region } from '../config/region.js';
import type { RootKeys } from '../config/root-key.js';
import { requireHostname } from '../shared/hostname.js';
import { sealBox } from '../shared/sealed-box.js';
import { SecretCipher, type SealedRecord, type ValueLock } from './secret-cipher.js';
import { Registry } from 'prom-client';
import { LogLines } from '../../test/support/log-lines.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

const first = { version: 1, bytes: randomBytes(32) };
const second = { version: 2, bytes: randomBytes(32) };
const domain = requireHostname('secrets.example.com');
const record: SealedRecord = { lookup: randomBytes(20), domain, keyVersion: 1 };
const lock: ValueLock = { secretKey: 'k'.repeat(31), stretched: null };
const phrased: ValueLock = { ...lock, stretched: randomBytes(32) };

function cipherOf(rootKeys: RootKeys = [first], region = 'eu'): SecretCipher {
  return new SecretCipher(
    { rootKeys, region: region as Region } as CellConfig,
    new LogLines().capture(() => new UnopenedCiphertexts(new Registry())),
  );
}

/** A metadata key under a key of its own, derived for its receipt. */
function sealedInOldForm(
  text: string,
  owner: AccountId,
  { lookup, keyVersion }: SealedRecord,
): Buffer {
  const context = framed(['onetime metadata key v1', 'eu', '', lookup, `${keyVersion}`]);
  const key = hkdfSync('sha256', framed([first.bytes, owner]), Buffer.alloc(0), context, 32);
  return sealBox(Buffer.from(key), text, context);
}

function framed(parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(part));
      return [length, Buffer.from(part)];
    }),
  );
}

describe(SecretCipher.name, () => {
  const cipher = cipherOf();

  it('opens any value it sealed, with and without a passphrase', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (value, hasPassphrase) => {
        const used = hasPassphrase ? phrased : lock;
        const envelope = cipher.sealValue(value, used, record);
        expect(cipher.openValue(envelope, used, record)).toBe(value);
      }),
    );
  });

  it('opens a sealed value that looks like an envelope', () => {
    const inner = cipher.sealValue('inner', lock, record).toString('latin1');
    const envelope = cipher.sealValue(inner, lock, record);
    expect(cipher.openValue(envelope, lock, record)).toBe(inner);
  });

  it('makes a different envelope each time', () => {
    const [a, b] = [cipher.sealValue('x', lock, record), cipher.sealValue('x', lock, record)];
    expect(a.equals(b)).toBe(false);
  });

  it('does not open an envelope with a changed byte, or a truncated one', () => {
    const envelope = cipher.sealValue('a value of some length', lock, record);
    for (let index = 0; index < envelope.length; index += 1) {
      const changed = Buffer.from(envelope);
      changed.writeUInt8(envelope.readUInt8(index) ^ 1, index);
      expect(cipher.openValue(changed, lock, record)).toBeNull();
      expect(cipher.openValue(envelope.subarray(0, index), lock, record)).toBeNull();
    }
  });

  const others: Record<string, { cipher?: SecretCipher; lock?: ValueLock; record?: SealedRecord }> =
    {
      region: { cipher: cipherOf([first], 'us') },
      'root key': { cipher: cipherOf([{ ...first, bytes: randomBytes(32) }]) },
      row: { record: { ...record, lookup: randomBytes(20) } },
      domain: { record: { ...record, domain: requireHostname('other.example.com') } },
      'host of the region': { record: { ...record, domain: null } },
      link: { lock: { ...phrased, secretKey: 'l'.repeat(31) } },
      passphrase: { lock: { ...phrased, stretched: randomBytes(32) } },
      'lock without a passphrase': { lock },
    };
  it.each(Object.entries(others))('does not open under another %s', (_name, other) => {
    const envelope = cipher.sealValue('value', phrased, record);
    const opener = other.cipher ?? cipher;
    expect(opener.openValue(envelope, other.lock ?? phrased, other.record ?? record)).toBeNull();
  });

  it('seals under the current root key and opens records of older ones', () => {
    const envelope = cipher.sealValue('old', lock, record);
    const rotated = cipherOf([second, first]);
    expect(rotated.currentKeyVersion).toBe(2);
    expect(rotated.openValue(envelope, lock, record)).toBe('old');
    expect(rotated.openValue(envelope, lock, { ...record, keyVersion: 2 })).toBeNull();
  });

  it('throws unavailable when the root key of the record is not configured', () => {
    const envelope = cipher.sealValue('value', lock, record);
    expect(() => cipherOf([second]).openValue(envelope, lock, record)).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });

  it('seals a secret key for its metadata key, and a metadata key for its account', () => {
    const owner = 'an account' as AccountId;
    const sealed = cipher.sealSecretKey('secret key', 'metadata key', record);
    expect(cipher.openSecretKey(sealed, 'metadata key', record)).toBe('secret key');
    expect(() => cipher.openSecretKey(sealed, 'another key', record)).toThrow('not available');

    const listed = cipher.sealMetadataKey('metadata key', owner, record);
    expect(cipher.openMetadataKey(listed, owner, record)).toBe('metadata key');
    expect(() => cipher.openMetadataKey(listed, 'other' as AccountId, record)).toThrow(
      'not available',
    );
    expect(() => cipher.openSecretKey(listed, owner, record)).toThrow('not available');
  });

  it('opens the metadata keys of a list under one key for each root key version', () => {
    const owner = 'an account' as AccountId;
    const other = { ...record, lookup: randomBytes(20) };
    const old = cipher.sealMetadataKey('old'.padEnd(31, 'x'), owner, record);
    const rotated = cipherOf([second, first]);
    const current = { ...other, keyVersion: 2 };
    const open = rotated.metadataKeysOf(owner);
    expect(open(old, record)).toBe('old'.padEnd(31, 'x'));
    expect(open(rotated.sealMetadataKey('new', owner, current), current)).toBe('new');
    expect(() => open(old, other)).toThrow('not available');
  });

  it('opens a metadata key that was sealed before lists had a key of their own', () => {
    const owner = 'an account' as AccountId;
    const lookup = Buffer.alloc(20, 7);
    const old = { lookup, domain: null, keyVersion: 1 };
    const envelope = sealedInOldForm('m'.repeat(31), owner, old);
    expect(cipher.openMetadataKey(envelope, owner, old)).toBe('m'.repeat(31));
  });
});
