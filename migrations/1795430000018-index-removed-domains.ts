import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account's export has its removed domains too. */
export class IndexRemovedDomains1795430000018 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create index domains_account_id_removed_idx on domains (account_id, created_at desc, id desc)
      where removed_at is not null
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index domains_account_id_removed_idx');
  }
}
