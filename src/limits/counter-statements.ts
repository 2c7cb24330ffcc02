import type { Statement } from '../database/statements.js';

/**
 * The end of an insert into rate_limits, as `counter`: counts one more in the window, or begins the next window. Insert
 * the keys in their order: two statements then never wait for each other.
 */
export const COUNT_ONE_MORE = `
  on conflict (key) do update set
    limit_name = excluded.limit_name, burst = excluded.burst,
    used = case when counter.resets_at <= now() then 1 else least(counter.used, 1000000000) + 1 end,
    resets_at = case when counter.resets_at <= now() then excluded.resets_at else counter.resets_at end`;

export const COUNT: Statement = {
  name: 'rate_limits_count',
  text: `
    insert into rate_limits as counter (key, used, resets_at, limit_name, burst)
    select key, 1, now() + make_interval(secs => seconds), limit_name, burst
    from unnest($1::bytea[], $2::int[], $3::text[], $4::int[])
      as charged (key, seconds, limit_name, burst) order by key
    ${COUNT_ONE_MORE}
    returning key, used, extract(epoch from resets_at - now())::float8 as "resetsIn"`,
};

export const PURGE: Statement = {
  name: 'rate_limits_purge',
  text: `
    with ended as (
      delete from rate_limits where key = any(array(
        select key from rate_limits where resets_at < now() order by resets_at
        limit 5000 for update skip locked
      )) returning 1
    )
    select count(*)::int as count from ended`,
};
