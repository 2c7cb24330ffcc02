import { externalIdOf } from '../../accounts/external-id.js';
import type { Caller } from '../../auth/caller.js';
import { shortIdOf, type Receipt, type ReceiptState } from '../../secrets/receipt.js';
import type { RecentReceipt } from '../../secrets/recent-receipts.js';
import { DAY, SECOND } from '../../shared/durations.js';
import { exactSeconds, unixSeconds } from '../instants.js';
import { originOf } from '../link-origin.js';
import { displayLines } from './display-lines.js';
import type { V2Burned, V2Receipt, V2ReceiptAnswer } from './v2-answers.js';

const STARS = /\*{5}/g;

/** A receipt that was only looked at is `new` here. */
const STATES: Readonly<Record<ReceiptState, V2Receipt['state']>> = {
  new: 'new',
  viewed: 'new',
  received: 'revealed',
  burned: 'burned',
  expired: 'expired',
  orphaned: 'orphaned',
};

/** The record of a receipt. Without `secret_identifier`: its presenters decide that. */
export function presentReceipt(receipt: RecentReceipt): V2Receipt {
  const { metadataKey, ownerId, ttlSeconds, receivedAt, burnedAt, previewedAt } = receipt;
  const state = STATES[receipt.state];
  const previewed = unixOrNull(previewedAt);
  const revealed = unixOrNull(receivedAt);
  const recipients = receipt.recipients.map(masked).join(', ');
  return {
    identifier: metadataKey,
    key: metadataKey,
    custid: receipt.ownerEmail,
    owner_id: ownerId && externalIdOf(ownerId),
    state,
    secret_shortid: receipt.secretShortId ?? '',
    secret_ttl: ttlSeconds,
    metadata_ttl: ttlSeconds,
    receipt_ttl: ttlSeconds,
    lifespan: ttlSeconds,
    share_domain: receipt.domain,
    created: exactSeconds(receipt.createdAt),
    updated: exactSeconds(receipt.updatedAt),
    shared: null,
    recipients,
    recipient_name: null,
    memo: receipt.memo,
    shortid: shortIdOf(metadataKey),
    show_recipients: recipients !== '',
    previewed,
    revealed,
    viewed: previewed,
    received: revealed,
    burned: unixOrNull(burnedAt),
    is_previewed: previewed !== null,
    is_viewed: previewed !== null,
    is_received: state === 'revealed',
    is_revealed: state === 'revealed',
    is_burned: state === 'burned',
    is_expired: state === 'expired',
    is_orphaned: state === 'orphaned',
    is_destroyed: state !== 'new',
    has_passphrase: receipt.hasPassphrase,
    kind: v2Kind(receipt),
    source: 'standard',
  };
}

/** The answer to a receipt's fetch. `value` is a generated one, which its maker gets once. */
export function presentShown(
  receipt: Receipt,
  value: string | null,
  asker: Pick<Caller, 'tenant'>,
): V2ReceiptAnswer {
  const { secretKey, hasPassphrase, secretTtlSeconds } = receipt;
  const isUnread = secretKey !== null;
  const isOpen = isUnread && !hasPassphrase;
  const record = presentReceipt(receipt);
  return {
    record: {
      ...record,
      ...(isOpen ? { secret_identifier: secretKey } : {}),
      ...presentPaths(receipt, asker),
      secret_state: isUnread ? 'new' : null,
    },
    details: {
      type: 'record',
      display_lines: displayLines(value ?? ''),
      no_cache: true,
      secret_realttl: secretTtlSeconds,
      view_count: receipt.previewCount,
      first_access: unixOrNull(receipt.previewedAt),
      last_access: unixOrNull(receipt.lastPreviewedAt),
      has_passphrase: isUnread && hasPassphrase,
      can_decrypt: isOpen,
      secret_value: value,
      show_secret: isOpen,
      show_secret_link: isOpen && !record.show_recipients,
      show_receipt_link: isUnread,
      show_receipt: true,
      show_recipients: record.show_recipients,
    },
  };
}

/** The answer to a burn. */
export function presentBurned(receipt: Receipt, asker: Pick<Caller, 'tenant'>): V2Burned {
  const record = presentReceipt(receipt);
  const left = receipt.metadataTtlSeconds;
  return {
    success: true,
    record: {
      ...record,
      ...presentPaths(receipt, asker),
      // Of the receipt here, as upstream has it.
      expiration: unixSeconds(receipt.createdAt) + left,
      expiration_in_seconds: left,
      natural_expiration: naturalDuration(left),
    },
    details: {
      type: 'record',
      title: 'Secret burned',
      display_lines: 0,
      display_feedback: false,
      no_cache: true,
      view_count: 0,
      has_passphrase: false,
      can_decrypt: false,
      show_secret: false,
      show_secret_link: false,
      show_receipt_link: false,
      show_receipt: true,
      show_recipients: record.show_recipients,
      is_orphaned: false,
    },
  };
}

export function v2Kind({ kind }: Pick<Receipt, 'kind'>): V2Receipt['kind'] {
  return kind === 'share' ? 'conceal' : 'generate';
}

/** API v2 masks with three stars, v1 with five, as they are stored. */
export function masked(recipient: string): string {
  return recipient.replace(STARS, '***');
}

type Paths = Pick<
  V2ReceiptAnswer['record'],
  | 'natural_expiration'
  | 'expiration'
  | 'expiration_in_seconds'
  | `${'share' | 'burn' | 'receipt' | 'metadata'}_${'path' | 'url'}`
>;

function presentPaths(receipt: Receipt, { tenant }: Pick<Caller, 'tenant'>): Paths {
  const { metadataKey, secretKey, ttlSeconds } = receipt;
  const origin = originOf(tenant, receipt.domain);
  const share = secretKey && `/secret/${secretKey}`;
  const path = `/receipt/${metadataKey}`;
  const isExpired = receipt.state === 'expired';
  return {
    natural_expiration: naturalDuration(ttlSeconds),
    expiration: share || isExpired ? unixSeconds(receipt.secretExpiresAt) : null,
    expiration_in_seconds: ttlSeconds,
    share_path: share,
    share_url: share && `${origin}${share}`,
    burn_path: `${path}/burn`,
    burn_url: `${origin}${path}/burn`,
    receipt_path: path,
    receipt_url: `${origin}${path}`,
    metadata_path: path,
    metadata_url: `${origin}${path}`,
  };
}

const UNITS = [
  ['day', DAY / SECOND],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `7 days`, `12 hours`, `1 minute`: the largest unit that fits, rounded down. */
export function naturalDuration(seconds: number): string {
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? (['second', 1] as const);
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function unixOrNull(instant: Date | null): number | null {
  return instant && unixSeconds(instant);
}
