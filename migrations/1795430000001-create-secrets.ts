import type { MigrationInterface, QueryRunner } from 'typeorm';

// Both tables are partitioned by the day that the key tells, not by the instant of expiry: a lookup
// then touches one partition, whatever the difference between two clocks. `expires_at` decides.
// Neither refers to accounts by a foreign key: removing an account burns its secrets first.
export class CreateSecrets1795430000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createKeyMasks(queryRunner);
    await createSecrets(queryRunner);
    await createReceipts(queryRunner);
    await createPartitions(queryRunner, 'secrets', 33);
    await createPartitions(queryRunner, 'receipts', 63);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table receipts');
    await queryRunner.query('drop table secrets');
    await queryRunner.query('drop table key_masks');
  }
}

async function createKeyMasks(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table key_masks (
      is_only boolean not null default true,
      mask bytea not null,
      constraint key_masks_pkey primary key (is_only),
      constraint key_masks_is_only_check check (is_only),
      constraint key_masks_mask_check check (octet_length(mask) = 32)
    )
  `);
  // Three random UUIDs hold 366 random bits; the hash makes 32 bytes of them.
  await queryRunner.query(`
    insert into key_masks (mask)
    select sha256(
      uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    )
  `);
}

async function createSecrets(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table secrets (
      lookup bytea not null,
      expires_on date not null,
      expires_at timestamptz not null,
      receipt_lookup bytea not null,
      receipt_expires_on date not null,
      account_id uuid,
      domain text,
      key_version smallint not null,
      salt bytea,
      ciphertext bytea not null,
      created_at timestamptz not null default now(),
      constraint secrets_pkey primary key (lookup, expires_on)
    ) partition by range (expires_on)
  `);
  // Ciphertext does not compress: not trying saves the time.
  await queryRunner.query('alter table secrets alter column ciphertext set storage external');
  await queryRunner.query('create index secrets_expires_at_idx on secrets (expires_at)');
  await queryRunner.query('create table secrets_default partition of secrets default');
}

async function createReceipts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table receipts (
      lookup bytea not null,
      expires_on date not null,
      expires_at timestamptz not null,
      secret_lookup bytea not null,
      secret_expires_on date not null,
      secret_expires_at timestamptz not null,
      sealed_secret_key bytea,
      key_version smallint not null,
      account_id uuid,
      sealed_metadata_key bytea,
      state text not null default 'new',
      kind text not null,
      has_passphrase boolean not null,
      domain text,
      recipients text[] not null,
      ttl_seconds integer not null,
      value_taken boolean not null default false,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      received_at timestamptz,
      burned_at timestamptz,
      constraint receipts_pkey primary key (lookup, expires_on),
      constraint receipts_state_check check (state in ('new', 'viewed', 'received', 'burned')),
      constraint receipts_kind_check check (kind in ('share', 'generate'))
    ) partition by range (expires_on)
  `);
  // An account's recent list. Anonymous receipts, the most, stay out of it and keep their updates cheap.
  await queryRunner.query(`
    create index receipts_account_id_updated_at_idx on receipts (account_id, updated_at desc)
    where account_id is not null
  `);
  await queryRunner.query('create table receipts_default partition of receipts default');
}

async function createPartitions(
  queryRunner: QueryRunner,
  table: string,
  daysAhead: number,
): Promise<void> {
  await queryRunner.query(`
    do $$
    declare day date;
    begin
      for day in
        select today + ahead
        from (select (now() at time zone 'utc')::date as today) as clock,
          generate_series(-1, ${daysAhead}) as ahead
      loop
        execute format(
          'create table %I partition of ${table} for values from (%L) to (%L)',
          '${table}_' || to_char(day, 'YYYYMMDD'), day, day + 1
        );
      end loop;
    end $$
  `);
}
