import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { unavailable, type AppError } from '../shared/app-error.js';
import { BOX_KEY_BYTES, openBox, sealBox } from '../shared/sealed-box.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

/** What a private key belongs to. A key sealed for one place does not open in another. */
export interface KeyPlace {
  /** The key of an order is sealed again for its certificate. */
  readonly kind: 'certificate' | 'order' | 'account' | 'ticket key';
  /** The host name; for an account the CA's name; for a ticket key its period. */
  readonly name: string;
  /** The certificate's version; 0 for the others, which have one key at a time. */
  readonly version: number;
}

export function certificatePlace(hostname: string, version: number): KeyPlace {
  return { kind: 'certificate', name: hostname, version };
}

export interface SealedKey {
  readonly sealed: Buffer;
  /** The version of the root key. */
  readonly keyVersion: number;
}

/** The cause of what open() throws: waiting does not help. */
export class UnreadableKeyError extends Error {}

const NO_SALT = Buffer.alloc(0);
const PURPOSE = 'certificate key';

/** Seals private keys at rest: AES-256-GCM under a derived key, with the place as additional data. */
@Injectable()
export class KeyVault {
  /** By the version of their root key. */
  readonly #keys = new Map<number, Buffer>();

  constructor(
    private readonly config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {}

  seal(privateKeyPem: string, place: KeyPlace): SealedKey {
    const keyVersion = this.config.rootKeys[0].version;
    const context = this.#contextOf(place, keyVersion);
    return { sealed: sealBox(this.#keyOf(keyVersion), privateKeyPem, context), keyVersion };
  }

  /** Whether open() would give the key. Says nothing to the operator: open() does. */
  opens(key: SealedKey, place: KeyPlace): boolean {
    return this.#textOf(key, place) !== null;
  }

  /** Under the current root key. Null when it does not open, which is not reported. */
  reseal(key: SealedKey, place: KeyPlace): SealedKey | null {
    const privateKeyPem = this.#textOf(key, place);
    return privateKeyPem === null ? null : this.seal(privateKeyPem, place);
  }

  /** The versions of the configured root keys. */
  get versions(): readonly number[] {
    return this.config.rootKeys.map(({ version }) => version);
  }

  /** @throws AppError `unavailable` when it is damaged, sealed for another place, or its root key is not configured */
  open({ sealed, keyVersion }: SealedKey, place: KeyPlace): string {
    const context = this.#contextOf(place, keyVersion);
    const privateKeyPem = openBox(this.#keyOf(keyVersion), sealed, context);
    if (privateKeyPem !== null) return privateKeyPem;
    const { kind, name, version } = place;
    this.unopened.report(kind, { name, version, keyVersion });
    throw unopenable(place);
  }

  /** Null also when the root key is not configured. */
  #textOf({ sealed, keyVersion }: SealedKey, place: KeyPlace): string | null {
    if (!this.versions.includes(keyVersion)) return null;
    return openBox(this.#keyOf(keyVersion), sealed, this.#contextOf(place, keyVersion));
  }

  #contextOf({ kind, name, version }: KeyPlace, keyVersion: number): Buffer {
    return Buffer.from(JSON.stringify([kind, name, version, this.config.region, keyVersion]));
  }

  #keyOf(keyVersion: number): Buffer {
    const known = this.#keys.get(keyVersion);
    if (known !== undefined) return known;
    const root = this.config.rootKeys.find(({ version }) => version === keyVersion);
    if (root === undefined)
      throw unavailable(new UnreadableKeyError(`root key version ${keyVersion} is not configured`));
    const derived = Buffer.from(hkdfSync('sha256', root.bytes, NO_SALT, PURPOSE, BOX_KEY_BYTES));
    this.#keys.set(keyVersion, derived);
    return derived;
  }
}

function unopenable({ kind, name }: KeyPlace): AppError {
  const reason = 'damaged, sealed for another place, or under another root key of that version';
  return unavailable(new UnreadableKeyError(`the ${kind} key of ${name} does not open: ${reason}`));
}
