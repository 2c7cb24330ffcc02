import type { DayStatement } from '../database/day-partitions.js';
import { packed } from '../database/packed-rows.js';
import type { Statement } from '../database/statements.js';
import { countGuess, GUESS_COLUMNS } from './guess-statement.js';
import { writeOutcome } from './press-statements.js';

// `r` is a receipt, `s` its secret; `s` is null when the secret's row is deleted.
const IS_GONE = 'r.secret_expires_at <= now() or s.expires_at <= now()';
const STATE = `
  case
    when r.state in ('received', 'burned') then r.state
    when ${IS_GONE} then 'expired'
    when s.expires_at is null then 'orphaned'
    else r.state
  end`;
const SECRET_SECONDS_LEFT = `
  case when r.state in ('new', 'viewed') and s.expires_at > now() and r.secret_expires_at > now()
    then ceil(extract(epoch from s.expires_at - now()))::int end`;
// As API v1 counts it; the receipt of an account stays longer.
const METADATA_SECONDS_LEFT = `
  greatest(0, ceil(extract(epoch from
    least(r.expires_at, r.created_at + make_interval(secs => 2 * r.ttl_seconds)) - now())))::int`;

/** The columns of a ListedReceipt; `r` is the receipt, `s` its secret. */
export const LISTED = `
  r.lookup, r.expires_on::text as "expiresOn", r.key_version as "keyVersion",
  r.sealed_metadata_key as "sealedMetadataKey",
  r.kind, ${STATE} as state, r.has_passphrase as "hasPassphrase",
  s.guesses_left as "attemptsLeft", r.domain, r.recipients,
  r.is_recipient_told as "isRecipientTold", r.account_id as "ownerId", r.ttl_seconds as "ttlSeconds",
  ${SECRET_SECONDS_LEFT} as "secretTtlSeconds",
  r.secret_expires_at as "secretExpiresAt", ${METADATA_SECONDS_LEFT} as "metadataTtlSeconds",
  r.created_at as "createdAt", r.updated_at as "updatedAt",
  r.received_at as "receivedAt", r.burned_at as "burnedAt", r.previewed_at as "previewedAt",
  r.last_previewed_at as "lastPreviewedAt", r.preview_count as "previewCount",
  r.sealed_memo as "sealedMemo"`;

/** The columns of a StoredReceipt but the owner's address. */
const RECEIPT = `${LISTED},
  r.sealed_secret_key as "sealedSecretKey", r.sealed_short_id as "sealedShortId"`;

const OWNER_EMAIL = `(select email from accounts where id = r.account_id) as "ownerEmail"`;

// LATERAL with LIMIT: the planner can only look up the secret's one row for each receipt.
const secretIn = (table: string): string => `
  left join lateral (
    select secrets.* from ${table} as secrets
    where secrets.lookup = r.secret_lookup and secrets.expires_on = r.secret_expires_on limit 1
  ) as s on true`;

export const SECRET = secretIn('secrets');

/** For findReceipt(): on another day than the secret's, `s` is null. */
export const RECEIPT_ON_DAYS = `${RECEIPT},
  r.secret_expires_on::text as "secretExpiresOn",
  r.state in ('new', 'viewed') and r.secret_expires_at > now() and s.lookup is null as "isElsewhere"`;
export const FROM_DAYS = `from {receipts} r ${secretIn('{secrets}')}`;

// On a custom domain ($3) only receipts of that domain are found.
const FOUND = `r.lookup = $1 and r.expires_on = $2 and r.expires_at > now()
    and ($3::text is null or r.domain = $3)`;

export const FIND: DayStatement = {
  name: 'receipts_find',
  dayText: `select ${RECEIPT_ON_DAYS}, ${OWNER_EMAIL} ${FROM_DAYS} where ${FOUND}`,
};

/** Reads the ciphertext only for a generated value to take, or a passphrase to check. */
export const FIND_WITH_SECRET: DayStatement = {
  name: 'receipts_find_with_secret',
  dayText: `
    select ${RECEIPT_ON_DAYS}, ${OWNER_EMAIL}, r.secret_lookup as "secretLookup",
      s.domain as "secretDomain", s.key_version as "secretKeyVersion", s.salt, s.passphrase_rule as "passphraseRule",
      case when s.salt is not null or r.kind = 'generate' then s.ciphertext end as ciphertext
    ${FROM_DAYS} where ${FOUND}`,
};

// The secret's address comes from \`found\` once, so one partition is read and written.
const SECRET_OF_FOUND = `lookup = (select "secretLookup" from found)
        and expires_on = (select secret_day from found)`;

/** FIND_WITH_SECRET, and one guess at its passphrase counted before it is tried. */
export const GUESS_WITH_SECRET: DayStatement = {
  name: 'receipts_guess_with_secret',
  dayText: `
    with found as materialized (
      select ${RECEIPT_ON_DAYS}, ${OWNER_EMAIL}, r.secret_lookup as "secretLookup",
        r.secret_expires_on as secret_day, s.domain as "secretDomain", s.key_version as "secretKeyVersion",
        s.salt, s.guesses_left, s.passphrase_rule as "passphraseRule", s.ciphertext
      ${FROM_DAYS} where ${FOUND}
    ),
    ${countGuess({ secret: 'found."secretLookup"', at: SECRET_OF_FOUND, charges: ['$4', '$5', '$6'] })}
    select found.*, ${GUESS_COLUMNS} from found left join refusal on true`,
};

export const MARK_VIEWED: DayStatement = {
  name: 'receipts_mark_viewed',
  dayText: `
    update {receipts} set state = 'viewed', updated_at = now()
    where lookup = $1 and expires_on = $2 and state = 'new'`,
};

// Changes no index: every look at a link runs it.
export const MARK_PREVIEWED: DayStatement = {
  name: 'receipts_mark_previewed',
  dayText: `
    update {receipts} set previewed_at = coalesce(previewed_at, now()), last_previewed_at = now(),
      preview_count = preview_count + 1
    where lookup = $1 and expires_on = $2 and state in ('new', 'viewed')`,
};

export const SET_MEMO: DayStatement = {
  name: 'receipts_set_memo',
  dayText: `
    update {receipts} set sealed_memo = $4, updated_at = now()
    where lookup = $1 and expires_on = $2 and account_id = $3
    returning updated_at as "updatedAt"`,
};

// This statement decides which caller gets a generated value again. It does not change the secret.
const TAKE = `
    update {receipts} set value_taken = true
    where lookup = $1 and expires_on = $2 and kind = 'generate' and not has_passphrase
      and not value_taken and state in ('new', 'viewed') and secret_expires_at > now()
      and created_at > now() - interval '60 seconds'
    returning 1`;

export const TAKE_VALUE: DayStatement = {
  name: 'receipts_take_value',
  isClaim: true,
  dayText: TAKE,
};

export const TAKE_VALUE_IN_PRESS: DayStatement = {
  name: 'receipts_take_value_in_press',
  isClaim: true,
  dayText: `with taken as (${TAKE}),
    ${writeOutcome('$3', "'shown'", 'exists (select from taken)')}
    select from taken`,
};

// In a sub-select a value is not known to the planner. Else a list of few receipts is planned at each call, for all
// partitions of both tables, since that looks cheaper than the plan for any account, which is kept.
export const ACCOUNT = '(select $1::uuid)';

// In the order in which recent-receipts.ts reads them.
const RECENT_COLUMNS = [
  'r.lookup',
  'r.key_version',
  'r.sealed_metadata_key',
  'r.kind',
  STATE,
  'r.has_passphrase',
  's.guesses_left',
  'r.domain',
  'r.recipients',
  'r.is_recipient_told',
  'r.ttl_seconds',
  METADATA_SECONDS_LEFT,
  'r.created_at',
  'r.updated_at',
  'r.received_at',
  'r.burned_at',
  'r.previewed_at',
  'r.sealed_memo',
];

export const RECENT: Statement = {
  name: 'receipts_recent',
  text: packed(
    RECENT_COLUMNS,
    `(
      select * from receipts
      where account_id = ${ACCOUNT} and updated_at > now() - interval '30 days' and expires_at > now()
        and ((select $2::text) is null or domain = (select $2::text))
      order by updated_at desc limit 1000
    ) as r ${SECRET}`,
    'r.updated_at desc',
  ),
};

const UNREAD = `state in ('new', 'viewed') and secret_expires_at > now()`;

// Of the receipts that changed last: those of a large account are not all read.
const COUNTED_MAX = 20_000;
export const COUNT_UNREAD: Statement = {
  name: 'receipts_count_unread',
  text: `
    select count(*) filter (where ${UNREAD})::int as count,
      count(*) = ${COUNTED_MAX} as "isMinimum"
    from (
      select state, secret_expires_at from receipts
      where account_id = ${ACCOUNT} order by updated_at desc limit ${COUNTED_MAX}
    ) as latest`,
};

// What was created after an instant was changed after it too: the index is by the change.
export const FIND_UNREAD_SINCE: Statement = {
  name: 'receipts_find_unread_since',
  text: `
    select 1 from receipts
    where account_id = ${ACCOUNT} and updated_at > (select $2::timestamptz)
      and created_at > (select $2::timestamptz) and ${UNREAD} limit 1`,
};

/** Receipts of one page of an export. */
export const EXPORT_PAGE = 500;

// $2: only receipts that were there when the export began. $3 and $4: the end of the page before.
export const EXPORT: Statement = {
  name: 'receipts_export',
  text: `
    select r.kind, ${STATE} as state, r.has_passphrase as "hasPassphrase", r.domain, r.recipients,
      r.ttl_seconds as "ttlSeconds", r.created_at as "createdAt", r.updated_at as "updatedAt",
      r.received_at as "receivedAt", r.burned_at as "burnedAt", r.expires_at as "expiresAt",
      r.updated_at::text as "pageAt", r.lookup as "pageLookup"
    from (
      select * from receipts
      where account_id = ${ACCOUNT} and created_at <= (select $2::timestamptz)
        and updated_at >= (select $3::timestamptz)
        and (updated_at, lookup) > ((select $3::timestamptz), (select $4::bytea))
      order by updated_at, lookup limit ${EXPORT_PAGE}
    ) as r ${SECRET} order by r.updated_at, r.lookup`,
};

// Locks secrets before receipts, as the claim does, and secrets in one order: two of these cannot deadlock. A secret
// that is claimed meanwhile keeps the outcome of its claim. Repeat until the count is 0.
const burn = (name: string, condition: string): Statement => ({
  name,
  isClaim: true,
  text: `
    with batch as materialized (
      select lookup, expires_on, secret_lookup, secret_expires_on from receipts
      where account_id = ${ACCOUNT} ${condition} limit 500
    ), locked as materialized (
      select s.lookup, s.expires_on from secrets s
      join batch on s.lookup = batch.secret_lookup and s.expires_on = batch.secret_expires_on
      order by s.lookup for update of s
    ), burned as (
      delete from secrets s using locked
      where s.lookup = locked.lookup and s.expires_on = locked.expires_on returning s.lookup
    ), disowned as (
      update receipts r set account_id = null, sealed_metadata_key = null, sealed_secret_key = null,
        sealed_memo = null,
        state = case when burned.lookup is null then r.state else 'burned' end,
        burned_at = case when burned.lookup is null then r.burned_at else now() end,
        updated_at = now()
      from batch left join burned on burned.lookup = batch.secret_lookup
      where r.lookup = batch.lookup and r.expires_on = batch.expires_on
      returning 1
    )
    select count(*)::int as count from disowned`,
});

export const BURN_UNREAD = burn('receipts_burn_unread', `and ${UNREAD}`);
export const BURN_ALL = burn('receipts_burn_all', '');
