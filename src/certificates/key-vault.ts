import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { AppError } from '../shared/app-error.js';

/** What a private key belongs to. Sealed for one place, it opens in no other. */
export interface KeyPlace {
  /** An order's key becomes a certificate's by being sealed again. */
  readonly kind: 'certificate' | 'order' | 'account';
  /** The host name; for an account the CA. */
  readonly name: string;
  /** The certificate's version; 0 for the others, of which there is one at a time. */
  readonly version: number;
}

export interface SealedKey {
  readonly sealed: Buffer;
  /** The root key's. */
  readonly keyVersion: number;
}

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NO_SALT = Buffer.alloc(0);
const PURPOSE = 'certificate key';

/** Seals private keys at rest: AES-256-GCM under a key of their own, with their place as additional data. */
@Injectable()
export class KeyVault {
  constructor(private readonly config: CellConfig) {}

  seal(privateKeyPem: string, place: KeyPlace): SealedKey {
    const keyVersion = this.config.rootKeys[0].version;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#keyOf(keyVersion), nonce);
    cipher.setAAD(this.#contextOf(place, keyVersion));
    const ciphertext = cipher.update(privateKeyPem, 'utf8');
    return {
      sealed: Buffer.concat([nonce, ciphertext, cipher.final(), cipher.getAuthTag()]),
      keyVersion,
    };
  }

  /** @throws AppError `unavailable`: damaged, from another place, or its root key is not configured any more */
  open({ sealed, keyVersion }: SealedKey, place: KeyPlace): string {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) throw unopenable(place, 'it is too short');
    const key = this.#keyOf(keyVersion);
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(this.#contextOf(place, keyVersion));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const bytes = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([bytes, decipher.final()]).toString('utf8');
    } catch {
      throw unopenable(place, 'it is damaged or was sealed for another place');
    }
  }

  #contextOf({ kind, name, version }: KeyPlace, keyVersion: number): Buffer {
    return Buffer.from(JSON.stringify([kind, name, version, this.config.region, keyVersion]));
  }

  #keyOf(keyVersion: number): Buffer {
    const root = this.config.rootKeys.find(({ version }) => version === keyVersion);
    if (root === undefined) {
      throw new AppError('unavailable', UNAVAILABLE, {
        cause: new Error(`root key version ${keyVersion} is not configured`),
      });
    }
    return Buffer.from(hkdfSync('sha256', root.bytes, NO_SALT, PURPOSE, KEY_BYTES));
  }
}

const UNAVAILABLE = 'The service is not available right now. Please try again.';

function unopenable({ kind, name }: KeyPlace, reason: string): AppError {
  return new AppError('unavailable', UNAVAILABLE, {
    cause: new Error(`the ${kind} key of ${name} does not open: ${reason}`),
  });
}
