import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A keyed hash for each address that wants no mails of a kind. */
export class CreateMailRefusals1795430000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table mail_refusals (
        address_hash bytea not null,
        created_at timestamptz not null default now(),
        constraint mail_refusals_pkey primary key (address_hash)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table mail_refusals');
  }
}
