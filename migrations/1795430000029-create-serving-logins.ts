import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The logins of processes that only serve: they get their privileges again after each migration. */
export class CreateServingLogins1795430000029 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table serving_logins (
        name text not null,
        granted_at timestamptz not null default now(),
        constraint serving_logins_pkey primary key (name)
      )`);
    // A known text, sealed as records are: a start that cannot open it would lose what is stored.
    await queryRunner.query('alter table root_key_checks add column sealed_canary bytea');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table root_key_checks drop column sealed_canary');
    await queryRunner.query('drop table serving_logins');
  }
}
