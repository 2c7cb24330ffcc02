import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { RootBox, type RootSealed } from '../config/root-box.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';
import type { WebhookId } from './webhook.js';
import type { WebhookSecret } from './webhook-secret.js';

export type SealedSecret = RootSealed;

/** Seals the secrets that sign requests. Bound to the webhook's row. */
@Injectable()
export class WebhookVault {
  readonly #box: RootBox;

  constructor(
    config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {
    this.#box = new RootBox(config, 'onetime webhook secret v1');
  }

  seal(id: WebhookId, secret: WebhookSecret): SealedSecret {
    return this.#box.seal(id, secret);
  }

  /** Under the current root key. Null when it does not open, which is not reported. */
  reseal(id: WebhookId, sealed: SealedSecret): SealedSecret | null {
    return this.#box.reseal(id, sealed);
  }

  /** Null when it does not open, which is reported. */
  open(id: WebhookId, sealed: SealedSecret): WebhookSecret | null {
    const text = this.#box.open(id, sealed);
    if (text === null)
      this.unopened.report('webhook', { webhookId: id, keyVersion: sealed.keyVersion });
    return text as WebhookSecret | null;
  }
}
