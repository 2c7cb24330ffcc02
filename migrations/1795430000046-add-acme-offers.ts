import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which types of challenges a CA offered lately: its directory does not say. Kept while dns-persist-01 is on. */
export class AddAcmeOffers1795430000046 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table acme_accounts add column offers text[] not null default '{}'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table acme_accounts drop column offers');
  }
}
