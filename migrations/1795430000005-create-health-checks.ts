import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHealthChecks1795430000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The health probe updates the one row. No index and a low fill factor: the row's versions stay in one page.
    await queryRunner.query(`
      create table write_probes (
        is_only boolean not null default true,
        written_at timestamptz not null default now(),
        constraint write_probes_is_only_check check (is_only)
      ) with (fillfactor = 10)
    `);
    await queryRunner.query('insert into write_probes default values');
    // Always empty: the probe extends it by a page in a transaction that it rolls back.
    await queryRunner.query('create table write_probe_pages (filler text not null)');
    await queryRunner.query(`
      create table root_key_checks (
        version smallint not null,
        check_value bytea,
        is_in_use boolean not null default true,
        created_at timestamptz not null default now(),
        constraint root_key_checks_pkey primary key (version),
        constraint root_key_checks_version_check check (version > 0),
        constraint root_key_checks_check_value_check check (octet_length(check_value) = 32)
      )
    `);
    // The versions of what is stored already. The first process that has such a key adds its check value.
    await queryRunner.query(`
      insert into root_key_checks (version)
      select key_version from secrets
      union select key_version from receipts
      union select key_version from certificates where destroyed_at is null
      union select key_version from issuances where sealed_key is not null
      union select key_version from acme_accounts
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table root_key_checks');
    await queryRunner.query('drop table write_probe_pages');
    await queryRunner.query('drop table write_probes');
  }
}
