import type { MigrationInterface, QueryRunner } from 'typeorm';

// Null in the secrets from before: their passphrases were stretched as typed. A column without a default changes no row
// and no partition's file.
export class AddPassphraseRule1795430000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table secrets add column passphrase_rule smallint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table secrets drop column passphrase_rule');
  }
}
