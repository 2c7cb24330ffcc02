import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { BOX_KEY_BYTES, openBox, sealBox } from '../shared/sealed-box.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

export interface SealedMail {
  readonly id: string;
  readonly keyVersion: number;
  readonly sealed: Buffer;
}

const NO_SALT = Buffer.alloc(0);
const PURPOSE = 'onetime mail v1';

/** Seals what a mail says and to whom: it may have a link. Bound to the mail's row. */
@Injectable()
export class MailVault {
  constructor(
    private readonly config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {}

  seal(id: string, text: string): Omit<SealedMail, 'id'> {
    const { version, bytes } = this.config.rootKeys[0];
    return { keyVersion: version, sealed: sealBox(keyOf(bytes), text, this.#context(id, version)) };
  }

  /** Null when it is damaged, moved, or its root key is not configured. */
  open({ id, keyVersion, sealed }: SealedMail): string | null {
    const root = this.config.rootKeys.find(({ version }) => version === keyVersion);
    const context = this.#context(id, keyVersion);
    const text = root === undefined ? null : openBox(keyOf(root.bytes), sealed, context);
    if (text === null) this.unopened.report('mail', { mailId: id, keyVersion });
    return text;
  }

  #context(id: string, keyVersion: number): Buffer {
    return Buffer.from(JSON.stringify([id, this.config.region, keyVersion]));
  }
}

function keyOf(root: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', root, NO_SALT, PURPOSE, BOX_KEY_BYTES));
}
