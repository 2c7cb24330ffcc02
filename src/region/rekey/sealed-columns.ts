import type { AccountId } from '../../accounts/account.js';
import { TotpVault } from '../../accounts/second-factor/totp-vault.js';
import { certificatePlace, KeyVault } from '../../certificates/key-vault.js';
import type { CellConfig } from '../../config/cell-config.js';
import type { RootSealed } from '../../config/root-box.js';
import { MailVault } from '../../mail/mail-vault.js';
import type { UnopenedCiphertexts } from '../../shared/unopened-ciphertexts.js';
import { WebhookVault } from '../../webhooks/webhook-vault.js';
import type { WebhookId } from '../../webhooks/webhook.js';

/** What a row has beside its ciphertext, by which that is bound to it. */
interface SealedRow {
  readonly id: string;
  /** Only of certificates. */
  readonly hostname?: string;
  readonly certificateVersion?: number;
}

/** A column that is sealed under a root key and outlives it: rekeying seals it anew. Secrets, receipts and ticket keys expire instead. */
export interface SealedColumn {
  /** In words, in the plural. */
  readonly kind: string;
  readonly table: string;
  readonly id: string;
  readonly idType: 'uuid' | 'text';
  readonly sealed: string;
  readonly version: string;
  /** More columns of a SealedRow. */
  readonly more?: string;
  /** Null when it does not open. */
  reseal(vaults: Vaults, row: SealedRow, sealed: RootSealed): RootSealed | null;
}

export interface Vaults {
  readonly keys: KeyVault;
  readonly mails: MailVault;
  readonly webhooks: WebhookVault;
  readonly factors: TotpVault;
}

export function openVaults(
  { region, rootKeys }: Pick<CellConfig, 'region' | 'rootKeys'>,
  unopened: UnopenedCiphertexts,
): Vaults {
  // Vaults read nothing else of it.
  const config = { region, rootKeys } as CellConfig;
  return {
    keys: new KeyVault(config, unopened),
    mails: new MailVault(config, unopened),
    webhooks: new WebhookVault(config, unopened),
    factors: new TotpVault(config, unopened),
  };
}

/** Sealed too, and older rows end by themselves: nothing of them is sealed anew. */
export const SHORT_LIVED: readonly string[] = ['secrets', 'receipts', 'ticket_keys'];

/** Every other column beside a version of a root key; a test compares with the catalogue. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    kind: 'keys of certificates',
    table: 'certificates',
    id: 'id',
    idType: 'uuid',
    sealed: 'sealed_private_key',
    version: 'key_version',
    more: ', hostname, version as "certificateVersion"',
    reseal: ({ keys }, { hostname = '', certificateVersion = 0 }, sealed) =>
      keys.reseal(sealed, certificatePlace(hostname, certificateVersion)),
  },
  {
    kind: 'keys of orders',
    table: 'issuances',
    id: 'hostname',
    idType: 'text',
    sealed: 'sealed_key',
    version: 'key_version',
    reseal: ({ keys }, { id }, sealed) =>
      keys.reseal(sealed, { kind: 'order', name: id, version: 0 }),
  },
  {
    kind: 'keys of ACME accounts',
    table: 'acme_accounts',
    id: 'ca',
    idType: 'text',
    sealed: 'sealed_key',
    version: 'key_version',
    reseal: ({ keys }, { id }, sealed) =>
      keys.reseal(sealed, { kind: 'account', name: id, version: 0 }),
  },
  {
    kind: 'secrets of webhooks',
    table: 'webhooks',
    id: 'id',
    idType: 'uuid',
    sealed: 'sealed_secret',
    version: 'key_version',
    reseal: ({ webhooks }, { id }, sealed) => webhooks.reseal(id as WebhookId, sealed),
  },
  {
    kind: 'former secrets of webhooks',
    table: 'webhooks',
    id: 'id',
    idType: 'uuid',
    sealed: 'previous_sealed_secret',
    version: 'previous_key_version',
    reseal: ({ webhooks }, { id }, sealed) => webhooks.reseal(id as WebhookId, sealed),
  },
  {
    kind: 'second factors',
    table: 'second_factors',
    id: 'account_id',
    idType: 'uuid',
    sealed: 'sealed_secret',
    version: 'key_version',
    reseal: ({ factors }, { id }, sealed) => factors.reseal(id as AccountId, sealed),
  },
  {
    kind: 'mails that wait',
    table: 'mails',
    id: 'id',
    idType: 'uuid',
    sealed: 'sealed',
    version: 'key_version',
    reseal: ({ mails }, { id }, sealed) => mails.reseal({ id, ...sealed }),
  },
];
