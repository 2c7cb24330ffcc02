import { Injectable, Logger } from '@nestjs/common';
import type { Account, AccountId } from '../accounts/account.js';
import type { Caller } from '../auth/caller.js';
import { AppError, unavailable } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import { KeyMask } from './key-mask.js';
import { PassphraseQueue } from './passphrase-queue.js';
import type { BurnedSecret, Receipt } from './receipt.js';
import { ReceiptStore, type StoredReceipt, type StoredReceiptWithSecret } from './receipt.store.js';
import { SecretCipher } from './secret-cipher.js';
import { SecretStore } from './secret.store.js';
import { secretGone } from './secrets.service.js';

const SHORT_KEY_LENGTH = 6;

/** What the sender can see and do afterwards. The metadata key is all it takes; an account only makes the list. */
@Injectable()
export class ReceiptsService {
  readonly #logger = new Logger(ReceiptsService.name);

  constructor(
    private readonly keys: KeyMask,
    private readonly cipher: SecretCipher,
    private readonly passphrases: PassphraseQueue,
    private readonly receipts: ReceiptStore,
    private readonly secrets: SecretStore,
  ) {}

  /**
   * The receipt, with the link's key while the secret is unread. With `markViewed` a `new` one is
   * `viewed` afterwards; the answer says what it was before. @throws AppError `secret_gone`
   */
  async show(
    caller: Caller,
    metadataKey: string,
    { markViewed }: { readonly markViewed: boolean },
  ): Promise<Receipt> {
    const address = await this.keys.addressOf('receipt', metadataKey);
    const stored = await this.receipts.find(address, caller.tenant.domain);
    if (stored === null) throw secretGone();
    const receipt = this.#unsealed(stored, metadataKey);
    if (markViewed && stored.state === 'new') await this.receipts.markViewed(address);
    return receipt;
  }

  /**
   * Destroys an unread secret. The key that was burned is told by its first characters.
   * @throws AppError `secret_gone`, `wrong_passphrase` (missing counts as wrong), `busy`
   */
  async burn(
    caller: Caller,
    metadataKey: string,
    passphrase: string | null,
  ): Promise<BurnedSecret> {
    const { stored, receipt, secretKey } = await this.#findUnread(caller, metadataKey);
    if (stored.salt !== null) {
      if (!passphrase) throw wrongPassphrase();
      const stretched = await this.passphrases.stretch(passphrase, stored.salt, caller.network);
      if (this.#openValue(stored, secretKey, stretched) === null) throw wrongPassphrase();
    }
    const burnedAt = await this.secrets.claim(secretAddressOf(stored), stored, 'burned');
    if (burnedAt === null) throw secretGone();
    return {
      receipt: {
        ...receipt,
        state: 'burned',
        secretKey: null,
        secretTtlSeconds: null,
        updatedAt: burnedAt,
        burnedAt,
      },
      secretShortKey: secretKey.slice(0, SHORT_KEY_LENGTH),
    };
  }

  /** What the account concealed or heard of in the last 30 days, newest first, without the links' keys. */
  async recent(account: Account, domain: Hostname | null = null): Promise<Receipt[]> {
    const stored = await this.receipts.findRecent(account.id, domain);
    const list = stored.flatMap((receipt) => this.#listed(receipt, account.id) ?? []);
    const missing = stored.length - list.length;
    if (missing > 0) this.#logger.error(`${missing} receipts left out of a list: they do not open`);
    return list;
  }

  /**
   * A generated value once more, for its creator: one caller, within 60 seconds, without a passphrase.
   * The secret stays unread. @throws AppError `secret_gone` in every other case
   */
  async takeGeneratedValue(caller: Caller, metadataKey: string): Promise<string> {
    const { stored, secretKey } = await this.#findUnread(caller, metadataKey);
    if (stored.kind !== 'generate' || stored.hasPassphrase) throw secretGone();
    const value = this.#openValue(stored, secretKey, null);
    if (value === null) throw unavailable(new Error('a generated value does not open'));
    if (!(await this.receipts.takeValue(stored))) throw secretGone();
    return value;
  }

  /** For the removal of an account: its unread secrets are burned, and no receipt names it any more. */
  async burnAllOf(owner: AccountId): Promise<void> {
    await this.receipts.burnAllOf(owner);
  }

  async #findUnread(caller: Caller, metadataKey: string): Promise<Unread> {
    const address = await this.keys.addressOf('receipt', metadataKey);
    const stored = await this.receipts.findWithSecret(address, caller.tenant.domain);
    const receipt = stored && this.#unsealed(stored, metadataKey);
    if (stored === null || !receipt?.secretKey) throw secretGone();
    return { stored, receipt, secretKey: receipt.secretKey };
  }

  #unsealed(stored: StoredReceipt, metadataKey: string): Receipt {
    const isUnread = stored.state === 'new' || stored.state === 'viewed';
    const sealed = isUnread ? stored.sealedSecretKey : null;
    const secretKey = sealed && this.cipher.openSecretKey(sealed, metadataKey, stored);
    return receiptOf(stored, metadataKey, secretKey);
  }

  #openValue(
    stored: StoredReceiptWithSecret,
    secretKey: string,
    stretched: Buffer | null,
  ): string | null {
    const { ciphertext, secretLookup, secretDomain, secretKeyVersion } = stored;
    if (ciphertext === null || secretKeyVersion === null) return null;
    const record = { lookup: secretLookup, domain: secretDomain, keyVersion: secretKeyVersion };
    return this.cipher.openValue(ciphertext, { secretKey, stretched }, record);
  }

  /** Null where the metadata key does not open: one such receipt must not empty the whole list. */
  #listed(stored: StoredReceipt, owner: AccountId): Receipt | null {
    if (stored.sealedMetadataKey === null) return null;
    try {
      const metadataKey = this.cipher.openMetadataKey(stored.sealedMetadataKey, owner, stored);
      return receiptOf(stored, metadataKey, null);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

interface Unread {
  readonly stored: StoredReceiptWithSecret;
  readonly receipt: Receipt;
  readonly secretKey: string;
}

function wrongPassphrase(): AppError {
  return new AppError('wrong_passphrase', 'Double check that passphrase');
}

function secretAddressOf({ secretLookup, secretExpiresOn }: StoredReceiptWithSecret) {
  return { lookup: secretLookup, expiresOn: secretExpiresOn };
}

/** By name, so that nothing of the row slips out beside what a receipt is. */
function receiptOf(stored: StoredReceipt, metadataKey: string, secretKey: string | null): Receipt {
  const { kind, state, hasPassphrase, domain, recipients, ownerId } = stored;
  const { ttlSeconds, secretTtlSeconds, metadataTtlSeconds } = stored;
  const { createdAt, updatedAt, receivedAt, burnedAt } = stored;
  return {
    metadataKey,
    secretKey,
    kind,
    state,
    hasPassphrase,
    domain,
    recipients,
    ownerId,
    ttlSeconds,
    secretTtlSeconds,
    metadataTtlSeconds,
    createdAt,
    updatedAt,
    receivedAt,
    burnedAt,
  };
}
