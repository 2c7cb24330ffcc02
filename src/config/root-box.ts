import { hkdfSync } from 'node:crypto';
import { BOX_KEY_BYTES, openBox, sealBox } from '../shared/sealed-box.js';
import type { CellConfig } from './cell-config.js';

const NO_SALT = Buffer.alloc(0);

export interface RootSealed {
  /** The version of the root key. */
  readonly keyVersion: number;
  readonly sealed: Buffer;
}

/** Seals texts under a key that is derived from a region's root key for one purpose. Bound to the id of a row. */
export class RootBox {
  constructor(
    private readonly config: Pick<CellConfig, 'region' | 'rootKeys'>,
    private readonly purpose: string,
  ) {}

  seal(id: string, text: string): RootSealed {
    const { version, bytes } = this.config.rootKeys[0];
    const sealed = sealBox(this.#keyOf(bytes), text, this.#context(id, version));
    return { keyVersion: version, sealed };
  }

  /** Null when it is damaged, moved, or its root key is not configured. */
  open(id: string, { keyVersion, sealed }: RootSealed): string | null {
    const root = this.config.rootKeys.find(({ version }) => version === keyVersion);
    if (root === undefined) return null;
    return openBox(this.#keyOf(root.bytes), sealed, this.#context(id, keyVersion));
  }

  /** Under the current root key. Null when it does not open. */
  reseal(id: string, sealed: RootSealed): RootSealed | null {
    const text = this.open(id, sealed);
    return text === null ? null : this.seal(id, text);
  }

  #context(id: string, keyVersion: number): Buffer {
    return Buffer.from(JSON.stringify([id, this.config.region, keyVersion]));
  }

  #keyOf(root: Buffer): Buffer {
    return Buffer.from(hkdfSync('sha256', root, NO_SALT, this.purpose, BOX_KEY_BYTES));
  }
}
