import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import type { LimitName } from '../config/limits.js';

const KEY_BYTES = 16;

/** The keys of counters in the database: keyed hashes, so that the table shows no address. Equal in all replicas. */
@Injectable()
export class LimitKeys {
  #current: { readonly bytes: Buffer; readonly key: KeyObject } | null = null;

  constructor(private readonly config: CellConfig) {}

  keyOf(limit: LimitName, subject: string): Buffer {
    return createHmac('sha256', this.#key())
      .update(`onetime limit ${limit}\0${subject}`)
      .digest()
      .subarray(0, KEY_BYTES);
  }

  /** Node takes five times as long for an HMAC whose key is a buffer. */
  #key(): KeyObject {
    const { bytes } = this.config.rootKeys[0];
    if (this.#current?.bytes !== bytes) this.#current = { bytes, key: createSecretKey(bytes) };
    return this.#current.key;
  }
}
