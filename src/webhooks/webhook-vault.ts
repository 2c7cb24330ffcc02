import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { BOX_KEY_BYTES, openBox, sealBox } from '../shared/sealed-box.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';
import type { WebhookId } from './webhook.js';
import type { WebhookSecret } from './webhook-secret.js';

export interface SealedSecret {
  readonly keyVersion: number;
  readonly sealed: Buffer;
}

const NO_SALT = Buffer.alloc(0);
const PURPOSE = 'onetime webhook secret v1';

/** Seals the secrets that sign requests. Bound to the webhook's row. */
@Injectable()
export class WebhookVault {
  constructor(
    private readonly config: CellConfig,
    private readonly unopened: UnopenedCiphertexts,
  ) {}

  seal(id: WebhookId, secret: WebhookSecret): SealedSecret {
    const { version, bytes } = this.config.rootKeys[0];
    const sealed = sealBox(keyOf(bytes), secret, this.#context(id, version));
    return { keyVersion: version, sealed };
  }

  /** Null when it is damaged, moved, or its root key is not configured. */
  open(id: WebhookId, { keyVersion, sealed }: SealedSecret): WebhookSecret | null {
    const root = this.config.rootKeys.find(({ version }) => version === keyVersion);
    const context = this.#context(id, keyVersion);
    const text = root === undefined ? null : openBox(keyOf(root.bytes), sealed, context);
    if (text === null) this.unopened.report('webhook', { webhookId: id, keyVersion });
    return text as WebhookSecret | null;
  }

  #context(id: string, keyVersion: number): Buffer {
    return Buffer.from(JSON.stringify([id, this.config.region, keyVersion]));
  }
}

function keyOf(root: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', root, NO_SALT, PURPOSE, BOX_KEY_BYTES));
}
