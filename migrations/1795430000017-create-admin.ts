import type { MigrationInterface, QueryRunner } from 'typeorm';

// The operator's keys and what was done by them, the names that the operator blocked, and the limits that were lifted.
export class CreateAdmin1795430000017 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createKeys(queryRunner);
    await createAudit(queryRunner);
    // Of a name: each of its claims has the block, also claims that were removed.
    await queryRunner.query(
      'alter table domains add column blocked_at timestamptz, add column block_reason text',
    );
    await queryRunner.query(`
      create index domains_blocked_idx on domains (hostname) where blocked_at is not null
    `);
    await queryRunner.query('drop index domains_removed_at_idx');
    await queryRunner.query(`
      create index domains_removed_at_idx on domains (removed_at)
      where removed_at is not null and blocked_at is null
    `);
    await createLifts(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table limit_lifts');
    await queryRunner.query('drop index domains_removed_at_idx');
    await queryRunner.query('drop index domains_blocked_idx');
    await queryRunner.query('alter table domains drop column blocked_at, drop column block_reason');
    await queryRunner.query(`
      create index domains_removed_at_idx on domains (removed_at) where removed_at is not null
    `);
    await queryRunner.query('drop table admin_audit');
    await queryRunner.query('drop table admin_keys');
  }
}

async function createKeys(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table admin_keys (
      id text not null,
      name text not null,
      secret_hash bytea not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      revoked_at timestamptz,
      constraint admin_keys_pkey primary key (id),
      constraint admin_keys_scopes_check
        check (cardinality(scopes) > 0 and scopes <@ array['read', 'write'])
    )
  `);
  await queryRunner.query(
    'create unique index admin_keys_name_key on admin_keys (name) where revoked_at is null',
  );
}

async function createAudit(queryRunner: QueryRunner): Promise<void> {
  // Without a foreign key: an entry outlives its key. The status is null until the operation has ended.
  await queryRunner.query(`
    create table admin_audit (
      id bigint generated always as identity,
      at timestamptz not null default now(),
      key_id text not null,
      key_name text not null,
      operation text not null,
      target text,
      network text not null,
      request_id text not null,
      status smallint,
      constraint admin_audit_pkey primary key (id)
    )
  `);
  await queryRunner.query('create index admin_audit_key_id_idx on admin_audit (key_id, id)');
}

async function createLifts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    create table limit_lifts (
      id bigint generated always as identity,
      key bytea not null,
      at timestamptz not null default now(),
      constraint limit_lifts_pkey primary key (id)
    )
  `);
  await queryRunner.query('create index limit_lifts_at_idx on limit_lifts (at)');
}
