import type { MigrationInterface, QueryRunner } from 'typeorm';

// What API v2 tells the sender: when and how often the link was looked at, a memo, and the start of the link's key after
// the key itself is erased. The last two are sealed under the metadata key.
export class ExtendReceipts1795430000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table receipts
        add column previewed_at timestamptz,
        add column last_previewed_at timestamptz,
        add column preview_count integer not null default 0,
        add column sealed_memo bytea,
        add column sealed_short_id bytea
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table receipts
        drop column previewed_at,
        drop column last_previewed_at,
        drop column preview_count,
        drop column sealed_memo,
        drop column sealed_short_id
    `);
  }
}
