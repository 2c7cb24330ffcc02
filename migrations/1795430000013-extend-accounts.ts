import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPES = "array['read', 'create', 'domains', 'account']";

export class ExtendAccounts1795430000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await nameTokens(queryRunner);
    await allowClosing(queryRunner);
    await recordActivity(queryRunner);
    await proveAddresses(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table email_changes');
    await queryRunner.query('drop table account_activity');
    // A program from before does not finish what was begun.
    await queryRunner.query(`update accounts set state = 'suspended' where state = 'closing'`);
    await queryRunner.query('alter table accounts drop constraint accounts_state_check');
    await queryRunner.query(`
      alter table accounts drop column closing_at,
        add constraint accounts_state_check check (state in ('active', 'suspended'))
    `);
    // A program from before would give every scope to a token that has fewer.
    await queryRunner.query(
      `delete from api_tokens where not scopes @> ${SCOPES} or expires_at <= now()`,
    );
    await queryRunner.query('drop index api_tokens_expires_at_idx');
    await queryRunner.query(`
      alter table api_tokens drop column name, drop column scopes, drop column replaced_by, drop column rotated_at,
        drop column last_used_on, drop column last_used_from
    `);
  }
}

/** The defaults are for processes from before, which go on inserting during a rolling update. */
async function nameTokens(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    alter table api_tokens
      add column name text not null default ('token-' || left(gen_random_uuid()::text, 8)),
      add column scopes text[] not null default ${SCOPES},
      add column replaced_by uuid,
      add column rotated_at timestamptz,
      add column last_used_on date,
      add column last_used_from text,
      add constraint api_tokens_scopes_check check (scopes <@ ${SCOPES} and cardinality(scopes) > 0),
      add constraint api_tokens_replaced_by_fkey
        foreign key (replaced_by) references api_tokens (id) on delete cascade
  `);
  // The token of an account becomes the one with the name "default"; those that a rotation has replaced, its older values.
  await queryRunner.query(`
    update api_tokens set name = 'default',
      replaced_by = case when id = newest.token_id then null else newest.token_id end
    from (
      select distinct on (account_id) account_id, id as token_id from api_tokens
      order by account_id, expires_at is not null, created_at desc, id
    ) as newest
    where newest.account_id = api_tokens.account_id
  `);
  await queryRunner.query(`
    create unique index api_tokens_account_id_name_key on api_tokens (account_id, lower(name))
    where replaced_by is null
  `);
  await queryRunner.query(`
    create index api_tokens_replaced_by_idx on api_tokens (replaced_by) where replaced_by is not null
  `);
  await queryRunner.query(`
    create index api_tokens_expires_at_idx on api_tokens (expires_at) where expires_at is not null
  `);
}

async function allowClosing(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query('alter table accounts drop constraint accounts_state_check');
  await queryRunner.query(`
    alter table accounts add column closing_at timestamptz,
      add constraint accounts_state_check check (state in ('active', 'suspended', 'closing'))
  `);
  await queryRunner.query(`
    create index accounts_closing_at_idx on accounts (closing_at) where closing_at is not null
  `);
}

/** Rows are added and, after 90 days or with their account, deleted. */
async function recordActivity(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table account_activity (
      id bigint generated always as identity,
      account_id uuid not null,
      at timestamptz not null default now(),
      actor text not null,
      actor_name text,
      token_id uuid,
      action text not null,
      subject jsonb not null default '{}',
      network text,
      constraint account_activity_pkey primary key (id),
      constraint account_activity_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade
    )
  `);
  await queryRunner.query(
    'create index account_activity_account_id_id_idx on account_activity (account_id, id desc)',
  );
}

/** At most one pending change of address for each account. */
async function proveAddresses(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table email_changes (
      account_id uuid not null,
      new_email text not null,
      new_email_key text not null,
      old_code_hash bytea not null,
      new_code_hash bytea not null,
      old_confirmed_at timestamptz,
      new_confirmed_at timestamptz,
      tries_left smallint not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      constraint email_changes_pkey primary key (account_id),
      constraint email_changes_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade
    )
  `);
  await queryRunner.query(
    'create index email_changes_expires_at_idx on email_changes (expires_at)',
  );
}
