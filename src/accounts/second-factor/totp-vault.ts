import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { RootBox, type RootSealed } from '../../config/root-box.js';
import { UnopenedCiphertexts } from '../../shared/unopened-ciphertexts.js';
import type { AccountId } from '../account.js';

/** Seals what an authenticator app and we share. Bound to the account. */
@Injectable()
export class TotpVault {
  readonly #box: RootBox;

  constructor(
    config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {
    this.#box = new RootBox(config, 'onetime second factor v1');
  }

  /** @param secret in base32 */
  seal(accountId: AccountId, secret: string): RootSealed {
    return this.#box.seal(accountId, secret);
  }

  /** Under the current root key. Null when it does not open, which is not reported. */
  reseal(accountId: AccountId, sealed: RootSealed): RootSealed | null {
    return this.#box.reseal(accountId, sealed);
  }

  /** Null when it does not open, which is reported. */
  open(accountId: AccountId, sealed: RootSealed): string | null {
    const secret = this.#box.open(accountId, sealed);
    if (secret === null)
      this.unopened.report('second factor', { accountId, keyVersion: sealed.keyVersion });
    return secret;
  }
}
