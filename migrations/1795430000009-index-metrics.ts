import type { MigrationInterface, QueryRunner } from 'typeorm';

// A scrape of the metrics reads an index, never a whole table.
export class IndexMetrics1795430000009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create index certificates_current_not_after_idx on certificates (not_after)
      where superseded_at is null and destroyed_at is null
    `);
    await queryRunner.query(`
      create index certificates_current_key_version_idx on certificates (key_version, hostname)
      where superseded_at is null and destroyed_at is null
    `);
    await queryRunner.query('create index ca_ledger_kind_at_idx on ca_ledger (kind, at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index ca_ledger_kind_at_idx');
    await queryRunner.query('drop index certificates_current_key_version_idx');
    await queryRunner.query('drop index certificates_current_not_after_idx');
  }
}
