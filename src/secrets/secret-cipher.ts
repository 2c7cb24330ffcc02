import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import { CellConfig } from '../config/cell-config.js';
import type { Hostname } from '../shared/hostname.js';
import { BOX_KEY_BYTES, openBox, sealBox } from '../shared/sealed-box.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';
import { KEY_LENGTH } from './receipt.js';
import { undecryptable } from './undecryptable.js';

/** The record that a value is sealed for. The value opens in no other record. */
export interface SealedRecord {
  readonly lookup: Buffer;
  readonly domain: Hostname | null;
  /** The version of the root key. */
  readonly keyVersion: number;
}

/** What the key of a secret's value is derived from, besides the root key. */
export interface ValueLock {
  readonly secretKey: string;
  /** Argon2id's output, or null when the secret has no passphrase. */
  readonly stretched: Buffer | null;
}

const LENGTH_BYTES = 4;
const NO_SALT = Buffer.alloc(0);
/** Before the envelope of a metadata key whose key is the account's: it makes the envelope longer than the old form. */
const LIST_FORMAT = Buffer.of(2);
/** Nonce, key and tag. */
const OLD_METADATA_KEY_BYTES = 12 + KEY_LENGTH + 16;

/** What only the holder of the metadata key reads besides. */
export type SenderField = 'memo' | 'short id';

type Field = 'value' | 'secret key' | 'metadata key' | SenderField;

/**
 * Seals and opens what a region stores: AES-256-GCM under a key of its own for each record (HKDF-SHA256 over the root
 * key and what the caller holds), with the record as additional data. An envelope is nonce, ciphertext and tag.
 */
@Injectable()
export class SecretCipher {
  constructor(
    private readonly config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {}

  /** The root key version that new records are sealed under. */
  get currentKeyVersion(): number {
    return this.config.rootKeys[0].version;
  }

  sealValue(value: string, lock: ValueLock, record: SealedRecord): Buffer {
    return this.#seal('value', value, record, lockParts(lock));
  }

  /** The value. Null: wrong passphrase, another record's envelope, or damaged bytes. */
  openValue(envelope: Buffer, lock: ValueLock, record: SealedRecord): string | null {
    const value = this.#open('value', envelope, record, lockParts(lock));
    // With a passphrase it may be that which is wrong.
    if (value === null && lock.stretched === null) this.#report('value', record);
    return value;
  }

  /** Seals the secret key for its receipt: the metadata key opens it. */
  sealSecretKey(secretKey: string, metadataKey: string, receipt: SealedRecord): Buffer {
    return this.#seal('secret key', secretKey, receipt, [metadataKey]);
  }

  openSecretKey(envelope: Buffer, metadataKey: string, receipt: SealedRecord): string {
    return this.#openKey('secret key', envelope, receipt, metadataKey);
  }

  /** Seals a field of a receipt: the metadata key opens it. */
  sealForSender(
    field: SenderField,
    text: string,
    metadataKey: string,
    receipt: SealedRecord,
  ): Buffer {
    return this.#seal(field, text, receipt, [metadataKey]);
  }

  openForSender(
    field: SenderField,
    envelope: Buffer,
    metadataKey: string,
    receipt: SealedRecord,
  ): string {
    return this.#openKey(field, envelope, receipt, metadataKey);
  }

  /** Seals the metadata key, with the short id after it, for the account's list: the account's id opens it. */
  sealMetadataKey(metadataKey: string, owner: AccountId, receipt: SealedRecord): Buffer {
    const key = this.#listKeyOf(owner, receipt.keyVersion);
    const box = sealBox(key, metadataKey, this.#contextOf('metadata key', receipt));
    return Buffer.concat([LIST_FORMAT, box]);
  }

  openMetadataKey(envelope: Buffer, owner: AccountId, receipt: SealedRecord): string {
    return this.metadataKeysOf(owner)(envelope, receipt);
  }

  /** Opens the metadata keys in an account's list. Derives one key for each root key version, not one for each receipt. */
  metadataKeysOf(owner: AccountId): (envelope: Buffer, receipt: SealedRecord) => string {
    const lists = new Map<string, ListBox>();
    return (envelope, receipt) => {
      // Sealed before the list had a key of its own; the last of these expires 60 days after that change.
      if (envelope.length === OLD_METADATA_KEY_BYTES)
        return this.#openKey('metadata key', envelope, receipt, owner);
      const { domain, keyVersion, lookup } = receipt;
      const name = `${keyVersion} ${domain ?? ''}`;
      let list = lists.get(name);
      if (list === undefined) lists.set(name, (list = this.#listBoxOf(owner, receipt)));
      lookup.copy(list.context, list.lookupAt);
      const box = envelope.subarray(LIST_FORMAT.length);
      return this.#required('metadata key', openBox(list.key, box, list.context), receipt);
    };
  }

  /** Contexts of one domain and root key version differ in the lookup alone. */
  #listBoxOf(owner: AccountId, receipt: SealedRecord): ListBox {
    const context = this.#contextOf('metadata key', receipt);
    return {
      key: this.#listKeyOf(owner, receipt.keyVersion),
      context,
      lookupAt: context.lastIndexOf(receipt.lookup),
    };
  }

  #listKeyOf(owner: AccountId, keyVersion: number): KeyObject {
    const context = framed(['onetime metadata keys v2', this.config.region, `${keyVersion}`]);
    return this.#keyOf({ keyVersion }, [owner], context);
  }

  /** @throws AppError `unavailable` when it does not open */
  #openKey(field: Field, envelope: Buffer, receipt: SealedRecord, held: string): string {
    return this.#required(field, this.#open(field, envelope, receipt, [held]), receipt);
  }

  #required(field: Field, key: string | null, receipt: SealedRecord): string {
    if (key !== null) return key;
    this.#report(field, receipt);
    throw undecryptable(`a sealed ${field} does not open`);
  }

  /** A lookup is a hash: it finds the row and opens nothing. */
  #report(field: Field, { lookup, domain, keyVersion }: SealedRecord): void {
    this.unopened.report(field, { lookup: lookup.toString('hex'), domain, keyVersion });
  }

  #seal(field: Field, text: string, record: SealedRecord, held: readonly Part[]): Buffer {
    const context = this.#contextOf(field, record);
    return sealBox(this.#keyOf(record, held, context), text, context);
  }

  #open(
    field: Field,
    envelope: Buffer,
    record: SealedRecord,
    held: readonly Part[],
  ): string | null {
    const context = this.#contextOf(field, record);
    return openBox(this.#keyOf(record, held, context), envelope, context);
  }

  #contextOf(field: Field, { lookup, domain, keyVersion }: SealedRecord): Buffer {
    return framed([
      `onetime ${field} v1`,
      this.config.region,
      domain ?? '',
      lookup,
      `${keyVersion}`,
    ]);
  }

  #keyOf(
    record: Pick<SealedRecord, 'keyVersion'>,
    held: readonly Part[],
    context: Buffer,
  ): KeyObject {
    const root = this.config.rootKeys.find(({ version }) => version === record.keyVersion);
    if (root === undefined)
      throw undecryptable(`root key version ${record.keyVersion} is not configured`);
    const material = createSecretKey(framed([root.bytes, ...held]));
    return createSecretKey(
      Buffer.from(hkdfSync('sha256', material, NO_SALT, context, BOX_KEY_BYTES)),
    );
  }
}

/** What opens an account's metadata keys of one domain and root key version. */
interface ListBox {
  readonly key: KeyObject;
  /** With the lookup of the receipt that was opened last. */
  readonly context: Buffer;
  readonly lookupAt: number;
}

type Part = string | Buffer;

/** Without a passphrase the second part is empty. Argon2id's output never is, so the two cases differ. */
function lockParts({ secretKey, stretched }: ValueLock): readonly Part[] {
  return [secretKey, stretched ?? ''];
}

/** Each part after its length: two different lists of parts give different bytes. */
function framed(parts: readonly Part[]): Buffer {
  let size = 0;
  for (const part of parts) size += LENGTH_BYTES + Buffer.byteLength(part);
  const frame = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const part of parts) {
    const start = offset + LENGTH_BYTES;
    const length = typeof part === 'string' ? frame.write(part, start) : part.copy(frame, start);
    frame.writeUInt32BE(length, offset);
    offset = start + length;
  }
  return frame;
}
