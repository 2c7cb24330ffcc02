import type { Caller } from '../../auth/caller.js';
import type { Receipt, RevealedSecret } from '../../secrets/receipt.js';
import type { RecentReceipt } from '../../secrets/recent-receipts.js';
import { unixSeconds } from '../instants.js';
import { originOf } from '../link-origin.js';
import type {
  BurnedBody,
  FetchedBody,
  GeneratedBody,
  RecentBody,
  RevealedBody,
  SharedBody,
  StatusBody,
} from './v1-answers.js';

// The names and types of the answers are fixed by upstream's clients: v1-answers.ts has them.

/** The parts of a caller that answers depend on. */
type Asker = Pick<Caller, 'tenant' | 'account'>;

/** `GET /status` and `GET /authcheck`. */
export const STATUS_BODY: StatusBody = { status: 'nominal', locale: 'en' };

/** The answer to `share` and `create`. */
export function presentShared(receipt: Receipt, caller: Asker): SharedBody {
  return {
    ...presentMetadata(receipt, caller),
    ...secretKey(receipt),
    secret_ttl: receipt.secretTtlSeconds,
    ...passphraseRequired(receipt),
  };
}

/** The answer to `generate`: the only one that carries the value, under its classic and its newer name. */
export function presentGenerated(receipt: Receipt, value: string, caller: Asker): GeneratedBody {
  return { ...presentShared(receipt, caller), value, secret_value: value };
}

/** The answer to a metadata fetch; its fields about the secret depend on the receipt's state. */
export function presentFetched(receipt: Receipt, caller: Asker): FetchedBody {
  const metadata = presentMetadata(receipt, caller);
  if (receipt.state === 'received') return metadata;
  const isThere = receipt.state === 'new' || receipt.state === 'viewed';
  return {
    ...metadata,
    ...secretKey(receipt),
    secret_ttl: isThere ? receipt.secretTtlSeconds : null,
    ...(isThere ? passphraseRequired(receipt) : {}),
  };
}

/** The answer to a burn: the metadata is nested, and its `secret_ttl` is null. */
export function presentBurned(
  burned: { readonly receipt: Receipt; readonly secretShortKey: string },
  caller: Asker,
): BurnedBody {
  const { receipt, secretShortKey } = burned;
  return {
    state: { ...presentMetadata(receipt, caller), ...secretKey(receipt), secret_ttl: null },
    secret_shortkey: secretShortKey,
  };
}

/** A record of `recent`, without anything that opens a secret. */
export function presentRecent(receipt: RecentReceipt, caller: Asker): RecentBody[number] {
  const metadata = presentMetadata(receipt, caller);
  return receipt.state === 'received' ? metadata : { ...metadata, secret_ttl: null };
}

/** The answer to a reveal. Its `share_domain` is an origin, unlike the metadata's. */
export function presentRevealed(
  { value, domain }: Pick<RevealedSecret, 'value' | 'domain'>,
  key: string,
  { tenant }: Asker,
): RevealedBody {
  return { value, secret_key: key, share_domain: originOf(tenant, domain) };
}

/** The fields of every metadata answer: each classic name, and the newer name of the same value. */
function presentMetadata(receipt: RecentReceipt, { tenant, account }: Asker) {
  const { metadataKey, domain, recipients, metadataTtlSeconds, receivedAt } = receipt;
  const receiptUrl = `${originOf(tenant, domain)}/receipt/${metadataKey}`;
  const isReceived = receipt.state === 'received' && receivedAt !== null;
  return {
    custid: account?.email ?? 'anon',
    metadata_key: metadataKey,
    identifier: metadataKey,
    ttl: receipt.ttlSeconds,
    metadata_ttl: metadataTtlSeconds,
    receipt_ttl: metadataTtlSeconds,
    state: receipt.state,
    created: unixSeconds(receipt.createdAt),
    updated: unixSeconds(receipt.updatedAt),
    ...(isReceived ? { received: unixSeconds(receivedAt) } : {}),
    recipient: [...recipients],
    recipients: [...recipients],
    ...emailNotice(receipt),
    ...attemptsLeft(receipt),
    share_domain: domain ?? '',
    metadata_url: receiptUrl,
    receipt_url: receiptUrl,
  };
}

/** Whether the mail with the link was queued when the secret was made. Without this the recipient would promise it. */
function emailNotice({
  recipients,
  isRecipientTold,
}: RecentReceipt): Pick<SharedBody, 'email_sent'> {
  return recipients.length === 0 ? {} : { email_sent: isRecipientTold };
}

/** Only where the owner chose a number. */
function attemptsLeft({
  attemptsLeft: left,
}: RecentReceipt): Pick<SharedBody, 'passphrase_attempts_left'> {
  return left === null ? {} : { passphrase_attempts_left: left };
}

function secretKey({ secretKey: key }: Receipt) {
  return { secret_key: key ?? '', secret_identifier: key ?? '' };
}

function passphraseRequired({ hasPassphrase }: Receipt) {
  return { passphrase_required: hasPassphrase, has_passphrase: hasPassphrase };
}
