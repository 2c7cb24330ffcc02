import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddDomainPolicy1795430000026 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Only what the owner has set; see DomainPolicy.
    await queryRunner.query(`
      alter table domains add column policy jsonb not null default '{}'
        constraint domains_policy_check check (jsonb_typeof(policy) = 'object')
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table domains drop column policy');
  }
}
