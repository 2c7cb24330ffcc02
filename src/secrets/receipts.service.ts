import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Account, AccountId } from '../accounts/account.js';
import type { Caller } from '../auth/caller.js';
import { AppError } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import { turnOf } from '../shared/network.js';
import { OneAtATime } from '../shared/one-at-a-time.js';
import { KeyMask } from './key-mask.js';
import { PassphraseQueue } from './passphrase-queue.js';
import { preparePassphrase } from './passphrase-rule.js';
import type { PressMark } from './press.store.js';
import type { BurnedSecret, Receipt } from './receipt.js';
import {
  type GuessedReceipt,
  ReceiptStore,
  type StoredReceiptWithSecret,
  type UnreadCount,
} from './receipt.store.js';
import { recentReceipt, type RecentReceipt } from './recent-receipts.js';
import { SecretCipher } from './secret-cipher.js';
import { SecretStore } from './secret.store.js';
import { secretGone } from './secrets.service.js';
import { undecryptable } from './undecryptable.js';
import { unsealedReceipt } from './unsealed-receipt.js';
import { loggerFor } from '../shared/log-scope.js';

const SHORT_KEY_LENGTH = 6;
/** Receipts that are opened and shown in one go: half a millisecond. */
const SLICE = 50;

/** What the sender can see and do after concealing. Needs the metadata key; only the list needs an account. */
@Injectable()
export class ReceiptsService {
  readonly #logger = loggerFor(ReceiptsService.name);
  readonly #lists = new OneAtATime('Too many lists at once. Please try again.');

  constructor(
    private readonly keys: KeyMask,
    private readonly cipher: SecretCipher,
    private readonly passphrases: PassphraseQueue,
    private readonly receipts: ReceiptStore,
    private readonly secrets: SecretStore,
  ) {}

  /**
   * The receipt, with the secret key while the secret is unread. `markViewed` changes the state from `new` to `viewed`;
   * the result has the state before.
   * @throws AppError `secret_gone`
   */
  async show(
    caller: Caller,
    metadataKey: string,
    { markViewed }: { readonly markViewed: boolean },
  ): Promise<Receipt> {
    const address = await this.keys.addressOf('receipt', metadataKey);
    const stored = await this.receipts.find(address, caller.tenant.domain);
    if (stored === null) throw secretGone();
    const receipt = unsealedReceipt(this.cipher, stored, metadataKey);
    if (markViewed && stored.state === 'new') await this.receipts.markViewed(address);
    return receipt;
  }

  /**
   * The receipt without a change of its state. With `takesValue` also the generated value, to one caller, within 60 seconds
   * and only without a passphrase; else null.
   * @throws AppError `secret_gone`
   */
  async look(
    caller: Caller,
    metadataKey: string,
    { takesValue }: { readonly takesValue: boolean },
  ): Promise<{ readonly receipt: Receipt; readonly value: string | null }> {
    const address = await this.keys.addressOf('receipt', metadataKey);
    const stored = await this.receipts.findWithSecret(address, caller.tenant.domain);
    if (stored === null) throw secretGone();
    const receipt = unsealedReceipt(this.cipher, stored, metadataKey);
    const { secretKey } = receipt;
    const value = takesValue && secretKey && (await this.#takeValue(stored, secretKey));
    return { receipt, value: value || null };
  }

  /**
   * Destroys an unread secret. The result has the first characters of its key.
   * @throws AppError `secret_gone`, `wrong_passphrase` (missing counts as wrong), `rate_limited`, `busy`
   */
  async burn(
    caller: Caller,
    metadataKey: string,
    passphrase: string | null,
    press: PressMark | null = null,
  ): Promise<BurnedSecret> {
    const { stored, receipt, secretKey } = await this.#findUnread(caller, metadataKey, passphrase);
    if (stored.salt !== null && !(await this.#opens(caller, { stored, secretKey }, passphrase))) {
      if (stored.isLastGuess)
        await this.secrets.claim(secretAddressOf(stored), stored, 'burned', press);
      throw wrongPassphrase();
    }
    const burnedAt = await this.secrets.claim(secretAddressOf(stored), stored, 'burned', press);
    if (burnedAt === null) throw secretGone();
    return {
      receipt: {
        ...receipt,
        state: 'burned',
        secretKey: null,
        secretTtlSeconds: null,
        attemptsLeft: null,
        updatedAt: burnedAt,
        burnedAt,
      },
      secretShortKey: secretKey.slice(0, SHORT_KEY_LENGTH),
    };
  }

  /**
   * Shows each of the account's receipts that changed in the last 30 days, latest change first, without the secret keys.
   * Other requests come in between. One list of an account at a time.
   * @param show a receipt for which it throws an AppError is left out
   * @throws AppError `busy`
   */
  recent(
    account: Account,
    domain: Hostname | null,
    show: (receipt: RecentReceipt) => void,
  ): Promise<void> {
    return this.#lists.run(account.id, () => this.#list(account, domain, show));
  }

  async #list(
    account: Account,
    domain: Hostname | null,
    show: (receipt: RecentReceipt) => void,
  ): Promise<void> {
    const rows = await this.receipts.findRecent(account.id, domain);
    const open = this.cipher.metadataKeysOf(account.id);
    let [count, missing] = [0, 0];
    let err: AppError | undefined;
    for (const row of rows) {
      if (count > 0 && count % SLICE === 0) await setImmediate();
      count += 1;
      try {
        const receipt = recentReceipt(this.cipher, account, row, open);
        if (receipt === null) missing += 1;
        else show(receipt);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        missing += 1;
        err ??= error;
      }
    }
    if (missing > 0)
      this.#logger.error({ count: missing, err }, 'receipts do not open, left out of a list');
  }

  /**
   * Returns a generated value to its creator: to one caller, within 60 seconds, when it has no passphrase. The secret
   * stays unread.
   * @throws AppError `secret_gone` in every other case
   */
  async takeGeneratedValue(
    caller: Caller,
    metadataKey: string,
    press: PressMark | null = null,
  ): Promise<string> {
    const { stored, secretKey } = await this.#findUnread(caller, metadataKey);
    const value = await this.#takeValue(stored, secretKey, press);
    if (value === null) throw secretGone();
    return value;
  }

  async #takeValue(
    stored: StoredReceiptWithSecret,
    secretKey: string,
    press: PressMark | null = null,
  ): Promise<string | null> {
    if (stored.kind !== 'generate' || stored.hasPassphrase) return null;
    const value = this.#openValue(stored, secretKey, null);
    if (value === null) throw undecryptable('a generated value does not open');
    return (await this.receipts.takeValue(stored, press)) ? value : null;
  }

  /** The account's secrets that nobody has opened yet. */
  countUnread(owner: AccountId): Promise<UnreadCount> {
    return this.receipts.countUnread(owner);
  }

  /** Burns the unread secrets of an account that is being removed, in batches. Returns whether none is left. */
  burnUnreadOf(owner: AccountId, batchesMax: number): Promise<boolean> {
    return this.receipts.burnUnreadOf(owner, batchesMax);
  }

  hasUnreadSince(owner: AccountId, since: Date): Promise<boolean> {
    return this.receipts.hasUnreadSince(owner, since);
  }

  /** Whether the passphrase is the one that was set. */
  async #opens(
    { client }: Caller,
    { stored, secretKey }: Pick<Unread, 'stored' | 'secretKey'>,
    passphrase: string | null,
  ): Promise<boolean> {
    if (!passphrase || stored.salt === null) return false;
    const prepared = preparePassphrase(passphrase, stored.passphraseRule);
    const stretched = await this.passphrases.stretch(prepared, stored.salt, turnOf(client));
    return this.#openValue(stored, secretKey, stretched) !== null;
  }

  /** One statement, which counts a guess when a passphrase is sent. */
  async #findUnread(
    caller: Caller,
    metadataKey: string,
    passphrase: string | null = null,
  ): Promise<Unread> {
    const address = await this.keys.addressOf('receipt', metadataKey);
    const { domain } = caller.tenant;
    const stored = passphrase
      ? await this.receipts.findToGuess(
          address,
          domain,
          this.secrets.guessChargesFor(caller.client),
        )
      : await this.receipts.findWithSecret(address, domain);
    const receipt = stored && unsealedReceipt(this.cipher, stored, metadataKey);
    if (stored === null || !receipt?.secretKey) throw secretGone();
    return { stored, receipt, secretKey: receipt.secretKey };
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
}

interface Unread {
  readonly stored: StoredReceiptWithSecret & Partial<Pick<GuessedReceipt, 'isLastGuess'>>;
  readonly receipt: Receipt;
  readonly secretKey: string;
}

function wrongPassphrase(): AppError {
  return new AppError('wrong_passphrase', 'Double check that passphrase');
}

function secretAddressOf({ secretLookup, secretExpiresOn }: StoredReceiptWithSecret) {
  return { lookup: secretLookup, expiresOn: secretExpiresOn };
}
