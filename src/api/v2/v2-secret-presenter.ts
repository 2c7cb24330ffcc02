import type { Caller } from '../../auth/caller.js';
import {
  shortIdOf,
  type Receipt,
  type RevealedSecret,
  type SecretFacts,
  type UnreadSecret,
} from '../../secrets/receipt.js';
import { exactSeconds } from '../instants.js';
import { displayLines } from './display-lines.js';
import type {
  V2Created,
  V2Secret,
  V2SecretAnswer,
  V2SecretStatus,
  V2SecretStatusList,
} from './v2-answers.js';
import { masked, presentReceipt, v2Kind } from './v2-receipt-presenter.js';

type Asker = Pick<Caller, 'account'>;

/** The answer to `conceal` and `generate`: without the value. */
export function presentCreated(receipt: Receipt, recipients: readonly string[]): V2Created {
  const secretKey = receipt.secretKey ?? '';
  // The one record that has the key although a passphrase is set: whoever makes a secret gets its link.
  const presented = { ...presentReceipt(receipt), secret_identifier: secretKey };
  const { createdAt, hasPassphrase, ttlSeconds } = receipt;
  return {
    success: true,
    record: {
      receipt: presented,
      metadata: presented,
      secret: presentSecret(
        { secretKey, createdAt, hasPassphrase, ttlSeconds },
        { isPreviewed: false, revealedAt: null },
      ),
      share_domain: receipt.domain,
    },
    details: {
      kind: v2Kind(receipt),
      recipient: [...recipients],
      recipient_safe: receipt.recipients.map(masked),
      ...(recipients.length === 0 ? {} : { email_sent: receipt.isRecipientTold }),
    },
  };
}

/** The answer to a look at an unread secret: by GET, or by a reveal without `continue`. */
export function presentUnread(secret: UnreadSecret, asker: Asker): V2SecretAnswer {
  const { isPreviewed } = secret;
  return {
    record: presentSecret(secret, { isPreviewed, revealedAt: null }),
    details: {
      continue: false,
      is_owner: isOwner(secret, asker),
      show_secret: false,
      ...linesOf(null),
    },
  };
}

/** The answer to a reveal, the only one with the value. */
export function presentRevealed(
  secret: RevealedSecret,
  secretKey: string,
  asker: Asker,
): V2SecretAnswer {
  const { revealedAt, value } = secret;
  return {
    record: {
      ...presentSecret({ ...secret, secretKey }, { isPreviewed: true, revealedAt }),
      secret_value: value,
    },
    details: {
      continue: true,
      is_owner: isOwner(secret, asker),
      show_secret: true,
      ...linesOf(value),
    },
  };
}

/** The answer to `status`; null is a secret that is gone, for whatever reason. */
export function presentStatus(secret: UnreadSecret | null): V2SecretStatus {
  if (secret === null) return { record: { state: 'unknown' } };
  const { isPreviewed, secondsLeft } = secret;
  return {
    record: presentSecret(secret, { isPreviewed, revealedAt: null }),
    details: { current_expiration: secondsLeft },
  };
}

export function presentStatusList(secrets: readonly UnreadSecret[]): V2SecretStatusList {
  const records = secrets.map((secret) =>
    presentSecret(secret, { isPreviewed: secret.isPreviewed, revealedAt: null }),
  );
  return { records, count: records.length };
}

function presentSecret(
  {
    secretKey,
    createdAt,
    hasPassphrase,
    ttlSeconds,
  }: Pick<SecretFacts, 'createdAt' | 'hasPassphrase' | 'ttlSeconds'> & {
    readonly secretKey: string;
  },
  { isPreviewed, revealedAt }: { readonly isPreviewed: boolean; readonly revealedAt: Date | null },
): V2Secret {
  const isRevealed = revealedAt !== null;
  return {
    identifier: secretKey,
    key: secretKey,
    shortid: shortIdOf(secretKey),
    state: isRevealed ? 'revealed' : 'new',
    lifespan: ttlSeconds,
    secret_ttl: ttlSeconds,
    has_passphrase: hasPassphrase,
    verification: false,
    created: exactSeconds(createdAt),
    updated: exactSeconds(revealedAt ?? createdAt),
    is_previewed: isPreviewed,
    is_viewed: isPreviewed,
    is_revealed: isRevealed,
    is_received: isRevealed,
  };
}

function linesOf(value: string | null): { display_lines: number; one_liner: boolean | null } {
  return {
    display_lines: displayLines(value ?? ''),
    one_liner: value === null || value === '' ? null : !value.includes('\n'),
  };
}

function isOwner({ ownerId }: Pick<SecretFacts, 'ownerId'>, { account }: Asker): boolean {
  return account !== null && account.id === ownerId;
}
