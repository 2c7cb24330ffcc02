import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the mails to the account's address. Null: the default. */
export class AddAccountLanguage1795430000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table accounts add column language text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table accounts drop column language');
  }
}
