import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSessions1795430000023 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createPasswords(queryRunner);
    await createSessions(queryRunner);
    await createLinks(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table account_links');
    await queryRunner.query('drop table sessions');
    await queryRunner.query('drop table account_passwords');
  }
}

/** An account without a row has no password. Each hash keeps what it cost, so that the cost can rise. */
async function createPasswords(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table account_passwords (
      account_id uuid not null,
      hash bytea not null,
      salt bytea not null,
      memory integer not null,
      passes integer not null,
      parallelism integer not null,
      changed_at timestamptz not null default now(),
      constraint account_passwords_pkey primary key (account_id),
      constraint account_passwords_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade
    )
  `);
}

/** Signed-in browsers. The value of the cookie is not stored, only its hash. */
async function createSessions(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table sessions (
      id uuid not null default gen_random_uuid(),
      value_hash bytea not null,
      account_id uuid not null,
      method text not null,
      second_factor text,
      agent text,
      network text not null,
      signed_in_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      last_seen_from text not null,
      expires_at timestamptz not null,
      constraint sessions_pkey primary key (id),
      constraint sessions_value_hash_key unique (value_hash),
      constraint sessions_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade,
      constraint sessions_method_check check (method in ('password', 'passkey', 'link')),
      constraint sessions_second_factor_check check (second_factor in ('totp', 'recovery_code'))
    )
  `);
  await queryRunner.query('create index sessions_account_id_idx on sessions (account_id)');
  await queryRunner.query('create index sessions_expires_at_idx on sessions (expires_at)');
}

/** Links that were mailed to prove an address. Each is deleted by what it is used for. */
async function createLinks(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table account_links (
      token_hash bytea not null,
      purpose text not null,
      email text not null,
      email_key text not null,
      account_id uuid,
      expires_at timestamptz not null,
      constraint account_links_pkey primary key (token_hash),
      constraint account_links_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade,
      constraint account_links_purpose_check check (
        (purpose = 'sign_up' and account_id is null) or (purpose = 'password' and account_id is not null)
      )
    )
  `);
  await queryRunner.query('create index account_links_email_key_idx on account_links (email_key)');
  await queryRunner.query(
    'create index account_links_account_id_idx on account_links (account_id)',
  );
  await queryRunner.query(
    'create index account_links_expires_at_idx on account_links (expires_at)',
  );
}
