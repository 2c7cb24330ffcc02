import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccounts1795430000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table accounts (
        id uuid not null default gen_random_uuid(),
        email text not null,
        email_key text not null,
        plan text not null,
        state text not null default 'active',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint accounts_pkey primary key (id),
        constraint accounts_email_key unique (email_key),
        constraint accounts_state_check check (state in ('active', 'suspended'))
      )
    `);
    await queryRunner.query(`
      create table api_tokens (
        id uuid not null default gen_random_uuid(),
        account_id uuid not null,
        token_hash bytea not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        constraint api_tokens_pkey primary key (id),
        constraint api_tokens_token_hash_key unique (token_hash),
        constraint api_tokens_token_hash_check check (octet_length(token_hash) = 32),
        constraint api_tokens_account_id_fkey
          foreign key (account_id) references accounts (id) on delete cascade
      )
    `);
    // The hot lookup goes from the account to its tokens.
    await queryRunner.query('create index api_tokens_account_id_idx on api_tokens (account_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table api_tokens');
    await queryRunner.query('drop table accounts');
  }
}
