import type { MigrationInterface, QueryRunner } from 'typeorm';

const DOMAINS = `
create table domains (
  id uuid not null default gen_random_uuid(),
  extid text not null,
  account_id uuid not null,
  hostname text not null,
  display_name text not null,
  registrable_domain text not null,
  is_apex boolean not null,
  target_label text not null,
  challenge_label text not null,
  challenge_value text not null,
  challenge_expires_at timestamptz not null default now() + interval '30 days',
  ownership text not null default 'pending',
  verified_at timestamptz,
  proof_method text,
  proof_missing_since timestamptz,
  proof_misses integer not null default 0,
  proof_warnings integer not null default 0,
  lapsed_at timestamptz,
  lost_at timestamptz,
  needs_cname_proof boolean not null default false,
  routing text not null default 'unknown',
  routing_since timestamptz not null default now(),
  pointed_at timestamptz,
  facts jsonb,
  checked_at timestamptz,
  next_check_at timestamptz default now() + interval '10 seconds',
  check_attempts integer not null default 0,
  verify_window_at timestamptz,
  verify_count integer not null default 0,
  homepage_enabled boolean not null default false,
  api_enabled boolean not null default false,
  plan_lapsed_at timestamptz,
  generation integer not null default 1,
  removed_at timestamptz,
  lease_owner text,
  fence bigint not null default 0,
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint domains_pkey primary key (id),
  constraint domains_extid_key unique (extid),
  constraint domains_target_label_key unique (target_label),
  constraint domains_ownership_check
    check (ownership in ('pending', 'verified', 'lapsed', 'conflict', 'revoked')),
  constraint domains_proof_method_check check (proof_method in ('txt', 'cname')),
  constraint domains_routing_check check (routing in
    ('unknown', 'not_pointed', 'elsewhere', 'wrong_region', 'mixed', 'proxied', 'pointed'))
)
`;

// Rows of domains are kept after their removal: for 30 days they decide what another account has to prove.
// Neither domains nor idempotency_keys refers to accounts by a foreign key: who removes an account need not
// wait for its domains, and the rooms above domains need not know that there are any.
export class CreateDomains1795430000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOMAINS);
    await indexDomains(queryRunner);
    await createEvents(queryRunner);
    await createChanges(queryRunner);
    await announceAccounts(queryRunner);
    await queryRunner.query(`
      create table idempotency_keys (
        account_id uuid not null,
        key text not null,
        request_hash bytea not null,
        status integer,
        body jsonb,
        created_at timestamptz not null default now(),
        constraint idempotency_keys_pkey primary key (account_id, key)
      )
    `);
    await queryRunner.query(
      'create index idempotency_keys_created_at_idx on idempotency_keys (created_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table idempotency_keys');
    await queryRunner.query('drop trigger accounts_announce on accounts');
    await queryRunner.query('drop function announce_account()');
    await queryRunner.query('drop table domain_changes');
    await queryRunner.query('drop function notify_domain_change()');
    await queryRunner.query('drop table domain_events');
    await queryRunner.query('drop table domains');
  }
}

async function indexDomains(queryRunner: QueryRunner): Promise<void> {
  // One holder per name. Claims without proof may be many, one of each account.
  await queryRunner.query(`
    create unique index domains_hostname_proven_key on domains (hostname)
    where ownership in ('verified', 'lapsed') and removed_at is null
  `);
  await queryRunner.query(`
    create unique index domains_account_id_hostname_key on domains (account_id, hostname)
    where removed_at is null
  `);
  await queryRunner.query('create index domains_hostname_idx on domains (hostname)');
  await queryRunner.query(`
    create index domains_account_id_created_at_idx on domains (account_id, created_at desc, id desc)
    where removed_at is null
  `);
  await queryRunner.query(`
    create index domains_next_check_at_idx on domains (next_check_at) where removed_at is null
  `);
}

async function createEvents(queryRunner: QueryRunner): Promise<void> {
  // Without a domain: what happened to a name of the region's own.
  await queryRunner.query(`
    create table domain_events (
      id bigint generated always as identity,
      domain_id uuid,
      hostname text not null,
      at timestamptz not null default now(),
      axis text not null,
      type text not null,
      detail jsonb not null default '{}',
      constraint domain_events_pkey primary key (id),
      constraint domain_events_axis_check
        check (axis in ('ownership', 'routing', 'certificate', 'serving'))
    )
  `);
  await queryRunner.query(
    'create index domain_events_domain_id_id_idx on domain_events (domain_id, id desc)',
  );
}

/** Whoever changes what a name serves writes a row here in the same transaction; the row is the announcement. */
async function createChanges(queryRunner: QueryRunner): Promise<void> {
  // The time of writing, not the transaction's start: readers look back a minute only.
  await queryRunner.query(`
    create table domain_changes (
      seq bigint generated always as identity,
      hostname text not null,
      changed_at timestamptz not null default clock_timestamp(),
      constraint domain_changes_pkey primary key (seq)
    )
  `);
  await queryRunner.query(
    'create index domain_changes_changed_at_idx on domain_changes (changed_at)',
  );
  await queryRunner.query(`
    create function notify_domain_change() returns trigger language plpgsql as $$
    begin
      perform pg_notify('domain_changes', new.hostname);
      return null;
    end $$
  `);
  await queryRunner.query(`
    create trigger domain_changes_notify after insert on domain_changes
    for each row execute function notify_domain_change()
  `);
}

/** Plan, suspension and removal of an account change what its names serve, whoever writes them. */
async function announceAccounts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create function announce_account() returns trigger language plpgsql as $$
    begin
      insert into domain_changes (hostname)
      select hostname from domains where account_id = old.id and removed_at is null;
      return null;
    end $$
  `);
  await queryRunner.query(`
    create trigger accounts_announce after delete or update of plan, state on accounts
    for each row execute function announce_account()
  `);
}
