/**
 * Copies ($3: how many) of one receipt of an account ($1) for an account ($2), each a second older than the one before.
 * They are rows as any other, which a list leaves out: their keys are erased.
 */
export const COPY_RECEIPTS = `
  insert into receipts select copy.*
  from (select * from receipts where account_id = $1 order by updated_at limit 1) r
  cross join generate_series(1, $3::int) n
  cross join lateral jsonb_populate_record(null::receipts, to_jsonb(r) || jsonb_build_object(
    'lookup', '\\x' || encode(substring(sha256((n || $2)::bytea) for 20), 'hex'),
    'account_id', $2, 'sealed_metadata_key', null, 'updated_at', r.updated_at - n * interval '1 second')) copy`;
