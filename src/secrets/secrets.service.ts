import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { AppError } from '../shared/app-error.js';
import { newSalt } from '../shared/argon2-queue.js';
import { DAY_SECONDS, SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import { maskAddress } from '../shared/masked-address.js';
import { turnOf, type ClientNetworks } from '../shared/network.js';
import { offerTo } from './conceal-offer.js';
import { type ConcealTerms, termsOf, underPolicy } from './conceal-rules.js';
import { type Address, KeyMask, type MintedKey } from './key-mask.js';
import { NewLinks } from './new-links.js';
import { PassphraseQueue, type StretchPurpose } from './passphrase-queue.js';
import { PASSPHRASE_RULE, preparePassphrase } from './passphrase-rule.js';
import type { PressMark } from './press.store.js';
import { shortIdOf, type ConcealSecret, type Receipt, type RevealedSecret } from './receipt.js';
import { SecretCipher } from './secret-cipher.js';
import { type NewSecret, SecretStore, type StoredSecret } from './secret.store.js';
import { undecryptable } from './undecryptable.js';

/** Conceals and reveals. A failure before the claim consumes nothing; a value lost after the claim is not given again. */
@Injectable()
export class SecretsService {
  constructor(
    private readonly keys: KeyMask,
    private readonly cipher: SecretCipher,
    private readonly passphrases: PassphraseQueue,
    private readonly secrets: SecretStore,
    private readonly links: NewLinks,
  ) {}

  /**
   * Stores the value under a new key. The receipt has both keys.
   * @throws AppError `invalid_request` with the broken rule, `forbidden` where the caller may not create, `busy`
   */
  async conceal(
    caller: Caller,
    command: ConcealSecret,
    press: PressMark | null = null,
  ): Promise<Receipt> {
    const planned = termsOf(caller, command);
    const home = await this.links.domainOf(caller, command);
    const domain = home?.hostname ?? null;
    const terms = underPolicy(planned, command, offerTo(caller, home?.policy));
    const secret = await this.keys.mint('secret', terms.ttlSeconds);
    const receipt = await this.keys.mint('receipt', receiptTtlSecondsOf(caller, terms));
    const lock = terms.passphrase === null ? UNLOCKED : newLock();
    const stretched = await this.#stretch(terms.passphrase, lock, caller.client, 'conceal');
    const parts = { terms, domain, secret, receipt, lock, stretched };
    const part = await this.links.partFor(caller, terms.recipients, {
      secretKey: secret.key,
      domain,
      ttlSeconds: terms.ttlSeconds,
      hasPassphrase: lock.salt !== null,
      language: command.language ?? null,
    });
    const sealed = { ...this.#seal(caller, command, parts), isRecipientTold: part !== null };
    const createdAt = await this.secrets.insert(sealed, { press, part });

    const ownerEmail = caller.account?.email ?? null;
    return receiptOf(sealed, {
      metadataKey: receipt.key,
      secretKey: secret.key,
      ownerEmail,
      createdAt,
    });
  }

  /**
   * Returns the value to exactly one caller.
   * @throws AppError `secret_gone` in every case without a value, also for a wrong or missing passphrase;
   * `rate_limited` after too many guesses, whether the secret exists or not; `busy`
   */
  async reveal(
    caller: Caller,
    key: string,
    passphrase: string | null,
    press: PressMark | null = null,
  ): Promise<RevealedSecret> {
    const address = await this.keys.addressOf('secret', key);
    const { domain } = caller.tenant;
    const guessed = passphrase
      ? await this.secrets.findToGuess(address, domain, caller.client)
      : null;
    const found = passphrase ? guessed : await this.secrets.find(address, domain);
    const secret = found ?? this.#decoy();
    const purpose = found === null ? 'miss' : 'open';
    const stretched = await this.#stretch(passphrase, secret, caller.client, purpose);
    const value = this.#open(secret, { address, key, stretched });
    if (found !== null && value === null && guessed?.isLastGuess === true)
      await this.secrets.claim(address, found.receipt, 'burned', press);
    if (found === null || value === null) throw secretGone();
    const claimedAt = await this.secrets.claim(address, found.receipt, 'received', press);
    if (claimedAt === null) throw secretGone();
    const { domain: home, ownerId, createdAt, ttlSeconds } = found;
    const hasPassphrase = found.salt !== null;
    return {
      value,
      domain: home,
      ownerId,
      createdAt,
      ttlSeconds,
      hasPassphrase,
      revealedAt: claimedAt,
    };
  }

  /** Whether the secret can be revealed, and whether it has a passphrase; null: gone. Changes nothing. */
  async peek(caller: Caller, key: string): Promise<{ readonly hasPassphrase: boolean } | null> {
    const address = await this.keys.addressOf('secret', key);
    const hasPassphrase = await this.secrets.findHasPassphrase(address, caller.tenant.domain);
    return hasPassphrase === null ? null : { hasPassphrase };
  }

  /** Null when no passphrase was sent or none is set. */
  async #stretch(
    passphrase: string | null,
    { salt, passphraseRule }: PassphraseLock,
    client: ClientNetworks,
    purpose: StretchPurpose,
  ): Promise<Buffer | null> {
    if (salt === null || passphrase === null || passphrase === '') return null;
    const prepared = preparePassphrase(passphrase, passphraseRule);
    return this.passphrases.stretch(prepared, salt, turnOf(client), purpose);
  }

  #seal(
    caller: Caller,
    { kind, value }: ConcealSecret,
    parts: SecretParts,
  ): Omit<NewSecret, 'isRecipientTold'> {
    const { terms, domain, secret, receipt, lock, stretched } = parts;
    const { ttlSeconds } = terms;
    const ownerId = caller.account?.id ?? null;
    const keyVersion = this.cipher.currentKeyVersion;
    const secretRecord = { lookup: secret.lookup, domain, keyVersion };
    const receiptRecord = { lookup: receipt.lookup, domain, keyVersion };
    return {
      secret,
      receipt,
      ttlSeconds,
      receiptTtlSeconds: receiptTtlSecondsOf(caller, terms),
      ownerId,
      domain,
      keyVersion,
      ...lock,
      guessesMax: terms.guessesMax ?? null,
      kind,
      ciphertext: this.cipher.sealValue(value, { secretKey: secret.key, stretched }, secretRecord),
      sealedSecretKey: this.cipher.sealSecretKey(secret.key, receipt.key, receiptRecord),
      sealedMetadataKey:
        ownerId &&
        this.cipher.sealMetadataKey(receipt.key + shortIdOf(secret.key), ownerId, receiptRecord),
      sealedShortId: this.cipher.sealForSender(
        'short id',
        shortIdOf(secret.key),
        receipt.key,
        receiptRecord,
      ),
      // Only the masked address is stored.
      recipients: terms.recipients.slice(0, 1).map(maskAddress),
      notifiesOpened: terms.notifiesOpened,
    };
  }

  /** Null when the passphrase is missing or wrong. */
  #open(secret: StoredSecret, { address, key, stretched }: Opening): string | null {
    if (secret.salt !== null && stretched === null) return null;
    const record = { ...secret, lookup: address.lookup };
    const value = this.cipher.openValue(secret.ciphertext, { secretKey: key, stretched }, record);
    // The key belongs to this row and no passphrase is needed: the ciphertext is damaged, not gone.
    if (value === null && secret.salt === null) throw undecryptable('a ciphertext does not open');
    return value;
  }

  /** Opened when there is no secret: a miss then takes as long as a wrong passphrase. */
  #decoy(): StoredSecret {
    return { ...DECOY, keyVersion: this.cipher.currentKeyVersion };
  }
}

/** What a passphrase is stretched with; both are null without one. */
type PassphraseLock = Pick<StoredSecret, 'salt' | 'passphraseRule'>;

const UNLOCKED: PassphraseLock = { salt: null, passphraseRule: null };

/** What an account may know of a secret after it is gone. */
const ACCOUNT_RECEIPT_SECONDS = 30 * DAY_SECONDS;

/** An account's receipt outlives the secret by 30 days, any other by the secret's own time to live. */
function receiptTtlSecondsOf({ account }: Caller, { ttlSeconds }: ConcealTerms): number {
  return ttlSeconds + (account === null ? ttlSeconds : ACCOUNT_RECEIPT_SECONDS);
}

function newLock(): PassphraseLock {
  return { salt: newSalt(), passphraseRule: PASSPHRASE_RULE };
}

interface SecretParts {
  readonly terms: ConcealTerms;
  readonly domain: Hostname | null;
  readonly secret: MintedKey;
  readonly receipt: MintedKey;
  readonly lock: PassphraseLock;
  readonly stretched: Buffer | null;
}

interface Opening {
  readonly address: Address;
  readonly key: string;
  readonly stretched: Buffer | null;
}

const DECOY: Omit<StoredSecret, 'keyVersion'> = {
  receipt: { lookup: Buffer.alloc(0), expiresOn: '' },
  domain: null,
  ...newLock(),
  ciphertext: randomBytes(64),
  ownerId: null,
  createdAt: new Date(0),
  ttlSeconds: 0,
};

/** The same error for every secret and receipt that does not exist, or not for this caller. */
export function secretGone(): AppError {
  return new AppError('secret_gone', 'Unknown secret');
}

function receiptOf(
  { kind, salt, guessesMax, domain, recipients, isRecipientTold, ownerId, ttlSeconds }: NewSecret,
  made: Pick<Receipt, 'metadataKey' | 'ownerEmail' | 'createdAt'> & { readonly secretKey: string },
): Receipt {
  const { createdAt } = made;
  return {
    ...made,
    secretShortId: shortIdOf(made.secretKey),
    kind,
    domain,
    recipients,
    isRecipientTold,
    ownerId,
    ttlSeconds,
    state: 'new',
    hasPassphrase: salt !== null,
    attemptsLeft: guessesMax,
    secretTtlSeconds: ttlSeconds,
    secretExpiresAt: new Date(createdAt.getTime() + ttlSeconds * SECOND),
    metadataTtlSeconds: 2 * ttlSeconds,
    updatedAt: createdAt,
    receivedAt: null,
    burnedAt: null,
    previewedAt: null,
    lastPreviewedAt: null,
    previewCount: 0,
    memo: null,
  };
}
