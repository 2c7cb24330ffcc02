import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { RootBox, type RootSealed } from '../config/root-box.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

export interface SealedMail extends RootSealed {
  readonly id: string;
}

/** Seals what a mail says and to whom: it may have a link. Bound to the mail's row. */
@Injectable()
export class MailVault {
  readonly #box: RootBox;

  constructor(
    config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {
    this.#box = new RootBox(config, 'onetime mail v1');
  }

  seal(id: string, text: string): RootSealed {
    return this.#box.seal(id, text);
  }

  /** Under the current root key. Null when it does not open, which is not reported. */
  reseal({ id, ...sealed }: SealedMail): RootSealed | null {
    return this.#box.reseal(id, sealed);
  }

  /** Null when it does not open, which is reported. */
  open({ id, keyVersion, sealed }: SealedMail): string | null {
    const text = this.#box.open(id, { keyVersion, sealed });
    if (text === null) this.unopened.report('mail', { mailId: id, keyVersion });
    return text;
  }
}
