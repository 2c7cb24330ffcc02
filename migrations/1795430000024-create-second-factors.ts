import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSecondFactors1795430000024 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createSecondFactors(queryRunner);
    await createPendingSignIns(queryRunner);
    await createPasskeys(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table passkey_challenges');
    await queryRunner.query('drop table passkeys');
    await queryRunner.query('drop table pending_sign_ins');
    await queryRunner.query('drop table recovery_codes');
    await queryRunner.query('drop table second_factors');
  }
}

/** An authenticator app counts once a code of it has been shown. `last_counter`: of the last code, which counts once. */
async function createSecondFactors(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table second_factors (
      account_id uuid not null,
      sealed_secret bytea not null,
      key_version integer not null,
      confirmed_at timestamptz,
      last_counter bigint,
      constraint second_factors_pkey primary key (account_id),
      constraint second_factors_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade
    )
  `);
  await queryRunner.query(`
    create table recovery_codes (
      account_id uuid not null,
      code_hash bytea not null,
      constraint recovery_codes_pkey primary key (account_id, code_hash),
      constraint recovery_codes_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade
    )
  `);
}

/** Sign-ins that wait for the second factor. They open nothing else. */
async function createPendingSignIns(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table pending_sign_ins (
      value_hash bytea not null,
      account_id uuid not null,
      method text not null,
      tries_left smallint not null,
      expires_at timestamptz not null,
      constraint pending_sign_ins_pkey primary key (value_hash),
      constraint pending_sign_ins_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade,
      constraint pending_sign_ins_method_check check (method in ('password', 'link'))
    )
  `);
  await queryRunner.query(
    'create index pending_sign_ins_account_id_idx on pending_sign_ins (account_id)',
  );
  await queryRunner.query(
    'create index pending_sign_ins_expires_at_idx on pending_sign_ins (expires_at)',
  );
}

/** A challenge is deleted by the statement that reads it. `account_id` of a sign-up is the one that the account will have. */
async function createPasskeys(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table passkeys (
      id uuid not null default gen_random_uuid(),
      account_id uuid not null,
      credential_id bytea not null,
      public_key bytea not null,
      counter bigint not null,
      transports text[] not null,
      name text not null,
      created_at timestamptz not null default now(),
      last_used_on date,
      constraint passkeys_pkey primary key (id),
      constraint passkeys_credential_id_key unique (credential_id),
      constraint passkeys_account_id_fkey
        foreign key (account_id) references accounts (id) on delete cascade
    )
  `);
  await queryRunner.query('create index passkeys_account_id_idx on passkeys (account_id)');
  await queryRunner.query(`
    create table passkey_challenges (
      challenge_hash bytea not null,
      purpose text not null,
      account_id uuid,
      expires_at timestamptz not null,
      constraint passkey_challenges_pkey primary key (challenge_hash),
      constraint passkey_challenges_purpose_check check (
        (purpose = 'sign_in' and account_id is null)
        or (purpose in ('add', 'sign_up') and account_id is not null)
      )
    )
  `);
  await queryRunner.query(
    'create index passkey_challenges_expires_at_idx on passkey_challenges (expires_at)',
  );
}
