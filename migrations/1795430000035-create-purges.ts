import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePurges1795430000035 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // When all that had expired was last deleted. One row for the region, whichever process deletes.
    await queryRunner.query(`
      create table purges (
        is_only boolean not null default true,
        purged_at timestamptz not null default now(),
        constraint purges_pkey primary key (is_only),
        constraint purges_is_only_check check (is_only)
      ) with (fillfactor = 10)
    `);
    await queryRunner.query('insert into purges default values');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table purges');
  }
}
