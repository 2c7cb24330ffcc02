import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The deletion of ended claims reads no blocked one: those are kept, so each round would read all of them again. */
export class IndexEndedClaims1795430000032 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index domains_ended_at_idx');
    await queryRunner.query(`
      create index domains_ended_at_idx on domains (updated_at)
      where ownership = 'revoked' and removed_at is null and blocked_at is null
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index domains_ended_at_idx');
    await queryRunner.query(`
      create index domains_ended_at_idx on domains (updated_at)
      where ownership = 'revoked' and removed_at is null
    `);
  }
}
