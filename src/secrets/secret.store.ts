import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import type { DayStatement, Days } from '../database/day-partitions.js';
import type { StatementPart } from '../database/statement-part.js';
import { Statements } from '../database/statements.js';
import { type GuessCharges, GuessLimits } from '../limits/guess-limits.js';
import type { Hostname } from '../shared/hostname.js';
import type { ClientNetworks } from '../shared/network.js';
import { countGuess, GUESS_COLUMNS, type GuessOutcome, takesGuess } from './guess-statement.js';
import type { Address } from './key-mask.js';
import { writeOutcome } from './press-statements.js';
import type { PressMark, PressOutcome } from './press.store.js';
import type { SecretKind } from './receipt.js';
import { opensOn } from './opens-on.js';
import { createdEvent, EVENT_COLUMNS, receiptEvent } from './secret-events.js';

/** A secret's row, without its lookup. Only the secret key opens the ciphertext. */
export interface StoredSecret {
  readonly receipt: Address;
  readonly domain: Hostname | null;
  readonly keyVersion: number;
  /** Null: no passphrase. */
  readonly salt: Buffer | null;
  /** See preparePassphrase(). */
  readonly passphraseRule: number | null;
  readonly ciphertext: Buffer;
  readonly ownerId: AccountId | null;
  readonly createdAt: Date;
  readonly ttlSeconds: number;
}

/** A secret that a passphrase may be tried at. */
export interface GuessedSecret extends StoredSecret {
  /** A wrong passphrase now burns the secret, as its owner chose. */
  readonly isLastGuess: boolean;
}

/** A new secret and its receipt, which one statement inserts. */
export interface NewSecret {
  readonly secret: Address;
  readonly receipt: Address;
  readonly ttlSeconds: number;
  readonly receiptTtlSeconds: number;
  readonly ownerId: AccountId | null;
  readonly domain: Hostname | null;
  readonly keyVersion: number;
  readonly salt: Buffer | null;
  readonly passphraseRule: number | null;
  /** How many wrong passphrases burn the secret; null: none does. */
  readonly guessesMax: number | null;
  readonly ciphertext: Buffer;
  readonly sealedSecretKey: Buffer;
  readonly sealedMetadataKey: Buffer | null;
  readonly sealedShortId: Buffer;
  readonly kind: SecretKind;
  /** Masked. */
  readonly recipients: readonly string[];
  readonly notifiesOpened: boolean;
  readonly isRecipientTold: boolean;
}

/** What is written in the same statement as the secret. */
export interface InsertedWith {
  readonly press?: PressMark | null;
  /** Another room's part, such as what gives the link to its recipient. */
  readonly part?: StatementPart | null;
}

type ClaimOutcome = 'received' | 'burned';

const CREATED = createdEvent({ account: '$6', lookup: '$3', domain: '$7', recipients: '$14' });

const CLAIMED = receiptEvent(
  'receipt',
  `case when $5 = 'received' then 'secret.revealed' else 'secret.burned' end`,
);

// Whoever generates a value sees it in the answer: the receipt counts as viewed from then on.
const INSERT: DayStatement = { name: 'secrets_insert', dayText: insertWith() };

const INSERT_IN_PRESS: DayStatement = {
  name: 'secrets_insert_in_press',
  dayText: insertWith(pressPart(21)),
};

function pressPart(parameter: number): string {
  return `, ${writeOutcome(`$${parameter}`, "'created'", 'true')}`;
}

/** INSERT with a part of another room, and perhaps in a press. */
function insertOf(part: StatementPart, isInPress: boolean): DayStatement {
  const first = isInPress ? 22 : 21;
  const { name } = isInPress ? INSERT_IN_PRESS : INSERT;
  const dayText = insertWith(`${isInPress ? pressPart(21) : ''}, ${part.text(first)}`);
  return { name: `${name}_with_${part.name}`, dayText };
}

function insertWith(parts = ''): string {
  return `
    with secret as (
      insert into {secrets} (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on,
        account_id, domain, key_version, salt, ciphertext, passphrase_rule, guesses_left)
      values ($1, $2, now() + make_interval(secs => $5::int), $3, $4, $6, $7, $8, $9, $10, $15, $16)
    ), ${CREATED}${parts}
    insert into {receipts} (lookup, expires_on, expires_at, secret_lookup, secret_expires_on,
      secret_expires_at, account_id, domain, key_version, has_passphrase, ttl_seconds,
      sealed_secret_key, sealed_metadata_key, kind, recipients, sealed_short_id, state,
      notifies_opened, is_recipient_told)
    values ($3, $4, now() + make_interval(secs => $18::int), $1, $2,
      now() + make_interval(secs => $5::int), $6, $7, $8, $9::bytea is not null, $5,
      $11, $12, $13, $14, $17, case when $13 = 'generate' then 'viewed' else 'new' end,
      $19, $20)
    returning created_at as "createdAt"`;
}

const UNREAD = `lookup = $1 and expires_on = $2 and expires_at > now()
    and ${opensOn('$3', 's')}`;

const FACTS = `account_id as "ownerId", created_at as "createdAt",
      round(extract(epoch from expires_at - created_at))::int as "ttlSeconds"`;

const FIND: DayStatement = {
  name: 'secrets_find',
  dayText: `
    select receipt_lookup as "receiptLookup", receipt_expires_on::text as "receiptExpiresOn",
      domain, key_version as "keyVersion", salt, passphrase_rule as "passphraseRule", ciphertext,
      ${FACTS}
    from {secrets} s where ${UNREAD}`,
};

const GUESS: DayStatement = {
  name: 'secrets_guess',
  dayText: `
    with found as materialized (select * from {secrets} s where ${UNREAD}),
    ${countGuess({ secret: 'found.lookup', at: 'lookup = $1 and expires_on = $2', charges: ['$4', '$5', '$6'] })}
    select receipt_lookup as "receiptLookup", receipt_expires_on::text as "receiptExpiresOn",
      domain, key_version as "keyVersion", salt, passphrase_rule as "passphraseRule", ciphertext,
      ${FACTS},
      ${GUESS_COLUMNS}
    from found left join refusal on true`,
};

const PEEK: DayStatement = {
  name: 'secrets_peek',
  dayText: `select salt is not null as "hasPassphrase" from {secrets} s where ${UNREAD}`,
};

// The DELETE decides which caller wins. Every statement locks the secret's row before the receipt's. The receipt's
// address is a parameter and not taken from the deleted row: the plan then reads one partition.
const CLAIM: DayStatement = { name: 'secrets_claim', isClaim: true, dayText: claimWith() };

const CLAIM_IN_PRESS: DayStatement = {
  name: 'secrets_claim_in_press',
  isClaim: true,
  dayText: claimWith(`, ${writeOutcome('$6', '$7', 'exists (select from claimed)')}`),
};

function claimWith(press = ''): string {
  return `
    with claimed as (
      delete from {secrets} where lookup = $1 and expires_on = $2 and expires_at > now() returning 1
    ), receipt as (
      update {receipts}
      set state = $5, sealed_secret_key = null, updated_at = now(),
        received_at = case when $5 = 'received' then now() end,
        burned_at = case when $5 = 'burned' then now() end
      where lookup = $3 and expires_on = $4 and exists (select from claimed)
      returning ${EVENT_COLUMNS}
    ), ${CLAIMED}${press}
    select now() as "claimedAt" from claimed`;
}

/** The statements on secrets: one round trip each, no lock held between two of them. */
@Injectable()
export class SecretStore {
  constructor(
    private readonly statements: Statements,
    private readonly guesses: GuessLimits,
  ) {}

  /** Stores a secret with its receipt. Resolves to the time of creation by the database's clock. */
  async insert(secret: NewSecret, { press = null, part = null }: InsertedWith = {}): Promise<Date> {
    const values = [
      secret.secret.lookup,
      secret.secret.expiresOn,
      secret.receipt.lookup,
      secret.receipt.expiresOn,
      secret.ttlSeconds,
      secret.ownerId,
      secret.domain,
      secret.keyVersion,
      secret.salt,
      secret.ciphertext,
      secret.sealedSecretKey,
      secret.sealedMetadataKey,
      secret.kind,
      secret.recipients,
      secret.passphraseRule,
      secret.guessesMax,
      secret.sealedShortId,
      secret.receiptTtlSeconds,
      secret.notifiesOpened,
      secret.isRecipientTold,
      ...(press === null ? [] : [press]),
      ...(part?.values ?? []),
    ];
    const usual = press === null ? INSERT : INSERT_IN_PRESS;
    const statement = part === null ? usual : insertOf(part, press !== null);
    const [row] = await this.statements.runOn<{ createdAt: Date }>(
      statement,
      daysOf(secret.secret, secret.receipt),
      values,
    );
    if (row === undefined) throw new Error('the insert of a secret returned no row');
    return row.createdAt;
  }

  /** The unread secret at `address` on the host of the request: `domain`, or null for the region's own host. */
  async find(
    { lookup, expiresOn }: Address,
    domain: Hostname | null,
  ): Promise<StoredSecret | null> {
    type Row = Omit<StoredSecret, 'receipt'> & { receiptLookup: Buffer; receiptExpiresOn: string };
    const [row] = await this.statements.runOn<Row>(FIND, { secrets: expiresOn }, [
      lookup,
      expiresOn,
      domain,
    ]);
    if (row === undefined) return null;
    const { receiptLookup, receiptExpiresOn, ...secret } = row;
    return { ...secret, receipt: { lookup: receiptLookup, expiresOn: receiptExpiresOn } };
  }

  /**
   * find() for a caller who sends a passphrase: counts the guess, also when there is no secret.
   * @throws AppError `rate_limited`
   */
  async findToGuess(
    { lookup, expiresOn }: Address,
    domain: Hostname | null,
    client: ClientNetworks,
  ): Promise<GuessedSecret | null> {
    type Row = Omit<StoredSecret, 'receipt'> &
      GuessOutcome & { receiptLookup: Buffer; receiptExpiresOn: string };
    const { keys, seconds, bursts } = this.guesses.chargesFor(client);
    const values = [lookup, expiresOn, domain, keys, seconds, bursts];
    this.statements.requireClaims();
    const [row] = await this.statements.runOn<Row>(GUESS, { secrets: expiresOn }, values);
    if (row === undefined) {
      this.guesses.chargeMiss(lookup, client);
      return null;
    }
    if (!takesGuess(row)) return null;
    const receipt = { lookup: row.receiptLookup, expiresOn: row.receiptExpiresOn };
    return { ...row, receipt, isLastGuess: row.guessesLeft === 0 };
  }

  /** What a guess of this client counts under, for a statement that finds the secret by its receipt. */
  guessChargesFor(client: ClientNetworks): GuessCharges {
    return this.guesses.chargesFor(client);
  }

  /** Whether the unread secret at `address` has a passphrase; null: there is none. Reads no ciphertext. */
  async findHasPassphrase(address: Address, domain: Hostname | null): Promise<boolean | null> {
    const { lookup, expiresOn } = address;
    const values = [lookup, expiresOn, domain];
    const [row] = await this.statements.runOn<{ hasPassphrase: boolean }>(
      PEEK,
      { secrets: expiresOn },
      values,
    );
    return row?.hasPassphrase ?? null;
  }

  /**
   * Destroys the secret and writes the outcome into its receipt. Of all callers for one secret, with any outcome,
   * exactly one gets the time of the claim; the others get null.
   */
  async claim(
    secret: Address,
    receipt: Address,
    outcome: ClaimOutcome,
    press: PressMark | null = null,
  ): Promise<Date | null> {
    const { lookup, expiresOn } = secret;
    const values = [lookup, expiresOn, receipt.lookup, receipt.expiresOn, outcome];
    const pressed: PressOutcome = outcome === 'received' ? 'opened' : 'burned';
    const [statement, more] =
      press === null ? [CLAIM, []] : [CLAIM_IN_PRESS, [press, pressed] as const];
    const [row] = await this.statements.runOn<{ claimedAt: Date }>(
      statement,
      daysOf(secret, receipt),
      [...values, ...more],
    );
    return row?.claimedAt ?? null;
  }
}

function daysOf(secret: Address, receipt: Address): Days {
  return { secrets: secret.expiresOn, receipts: receipt.expiresOn };
}
