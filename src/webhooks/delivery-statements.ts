import type { Statement } from '../database/statements.js';

// Longer than an attempt.
const LEASE = "now() + interval '1 minute'";
/** Due webhooks that one statement looks at. */
const SEEN_MAX = 100;
/** Attempts at the same time: at one host and port, and of one account. */
const TARGET_PLACES = 2;
const ACCOUNT_PLACES = 4;

/** Makes the webhooks of the rows that `from` returns due now, or when their rest ends. An array: joined, all are read. */
export function wake(from: string): string {
  return `update webhooks set next_at = greatest(now(), rest_until)
    where id = any(array(select webhook_id from ${from}))`;
}

// An array of events becomes the deliveries of those who asked for them. An event that is read again adds nothing. The
// lateral is looked up by index for each event: `offset 0` keeps it from becoming a join with all webhooks.
export const ADD_EVENTS = `
  with events as (
    select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[]) as e (id, account_id, type, payload)
  ), added as (
    insert into webhook_deliveries (id, webhook_id, event_id, type, payload, give_up_at)
    select gen_random_uuid(), w.id, e.id, e.type, e.payload, now() + make_interval(secs => $5::int)
    from events e cross join lateral (
      select id, events from webhooks where account_id = e.account_id and is_enabled offset 0
    ) w
    where e.type = any(w.events) or split_part(e.type, '.', 1) || '.*' = any(w.events)
    order by e.id
    on conflict do nothing returning webhook_id
  ) ${wake('added')}`;

const IS_DUE =
  'next_at <= now() and is_enabled and (leased_until is null or leased_until <= now())';

export const HAS_DUE: Statement = {
  name: 'webhooks_has_due',
  text: `select exists (select from webhooks where ${IS_DUE}) as "hasDue"`,
};

/** A statement before TAKE_DUE, in its transaction: one that waited for the lock must see what its holder has written. */
export const LOCK_PLACES = `select pg_advisory_xact_lock(hashtextextended('webhook places', 0))`;

// $1: the owner, $2: how many. One whose target or account has no place goes to the back of the line, so that it holds
// nobody up. The places of an account are counted among those whose target has one.
export const TAKE_DUE = `
  with seen as materialized (
    select id, account_id, target, next_at from webhooks
    where ${IS_DUE}
    order by next_at limit ${SEEN_MAX} for no key update skip locked
  ), targeted as (
    select id, account_id, next_at, row_number() over (partition by target order by next_at, id) + (
        select count(*) from webhooks b where b.target = seen.target and b.leased_until > now()
      ) <= ${TARGET_PLACES} as has_target
    from seen
  ), placed as (
    select id, next_at, has_target
      and row_number() over (partition by account_id, has_target order by next_at, id) + (
        select count(*) from webhooks b
        where b.account_id = targeted.account_id and b.leased_until > now()
      ) <= ${ACCOUNT_PLACES} as has_place
    from targeted
  ), moved as (
    update webhooks w set next_at = now() + interval '1 second'
    from placed where w.id = placed.id and not placed.has_place
  )
  update webhooks w set lease_owner = $1, fence = w.fence + 1, leased_until = ${LEASE}, next_at = ${LEASE}
  from (select id from placed where has_place order by next_at limit $2) as taken
  where w.id = taken.id
  returning w.id, w.account_id as "accountId", w.fence, w.name, w.url, w.failures,
    w.key_version as "keyVersion", w.sealed_secret as "sealedSecret",
    case when w.previous_until > now() then w.previous_key_version end as "previousKeyVersion",
    w.previous_sealed_secret as "previousSealedSecret"`;

// A statement of its own, after the lease: it sees all that earlier holders of the lease have written.
export const BEGIN: Statement = {
  name: 'webhooks_begin',
  text: `
    update webhook_deliveries set attempts = attempts + 1
    where id = (
      select id from webhook_deliveries where webhook_id = $1 and next_at <= now()
      order by next_at, event_id limit 1
    ) and exists (select from webhooks where id = $1 and fence = $2 and leased_until > now())
    returning id, type, payload, attempts, is_test as "isTest", give_up_at <= now() as "isTooLate"`,
};

// `least` leaves out nulls. While nothing was added, `next_at` is the end of the lease and says nothing.
const NEXT = `case when w.next_at = w.leased_until then found.at else least(w.next_at, found.at) end`;

// $1: the webhook, $2: its fence, $3: the delivery or null, $4: seconds to its next attempt or null.
function releaseWith(rest: string, which = 'w.id = $1 and w.fence = $2', more = ''): string {
  return `
    update webhooks w set lease_owner = null, leased_until = null,
      next_at = case when ${NEXT} is null then null else greatest(${NEXT}, ${rest}) end${more}
    from (
      select least(now() + make_interval(secs => $4::int), (
        select min(next_at) from webhook_deliveries
        where webhook_id = $1 and next_at is not null and id is distinct from $3::uuid
      )) as at
    ) as found
    where ${which}`;
}

export const RELEASE_IDLE: Statement = {
  name: 'webhooks_release',
  text: releaseWith('w.rest_until'),
};

// $10: seconds of rest; 0: the attempt succeeded, null: it does not count.
const REST = `case when $10::int is null then w.rest_until
  when $10 > 0 then now() + make_interval(secs => $10) end`;

// $5: the state of the delivery, $6 to $8: the answer, $9: whether an attempt was made.
export const END: Statement = {
  name: 'webhooks_end',
  text: `
    with held as materialized (
      select id from webhooks where id = $1 and fence = $2 for no key update
    ), ended as (
      update webhook_deliveries d set state = $5::text,
        ended_at = case when $5 <> 'waiting' then now() end,
        next_at = case when $5 = 'waiting' then now() + make_interval(secs => $4::int) end
      from held where d.id = $3 and d.webhook_id = held.id
      returning d.id, d.webhook_id, d.type, d.attempts
    ), logged as (
      insert into webhook_attempts (webhook_id, delivery_id, type, attempt, status, failure, duration_ms)
      select webhook_id, id, type, attempts, $6::smallint, $7::text, $8::int from ended where $9::boolean
    )
    ${releaseWith(
      REST,
      // Read before the row is changed: a lock on a row that the same statement has changed finds nothing.
      'w.id = (select id from held)',
      `,
      rest_until = ${REST},
      failures = case when $10 is null then w.failures when $10 = 0 then 0 else w.failures + 1 end,
      failing_since = case when $10 is null then w.failing_since
        when $10 > 0 then coalesce(w.failing_since, now()) end,
      succeeded_at = case when $10 = 0 then now() else w.succeeded_at end`,
    )} returning w.id`,
};

// Whether the delivery's next attempt would be too late, and nothing has succeeded since the event.
export const IS_LAST: Statement = {
  name: 'webhooks_is_last',
  text: `
    select d.give_up_at <= now() + make_interval(secs => $2::int) as "isLast",
      coalesce(w.succeeded_at < d.created_at, true) as "isDead"
    from webhook_deliveries d join webhooks w on w.id = d.webhook_id where d.id = $1`,
};

export const STANDING: Statement = {
  name: 'webhooks_standing',
  text: `
    select count(*)::int as waiting,
      coalesce(extract(epoch from now() - min(next_at)), 0)::float8 as "lateSeconds"
    from (
      select next_at from webhooks
      where next_at <= now() and is_enabled order by next_at limit 5000
    ) as due`,
};
