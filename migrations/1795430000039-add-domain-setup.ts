import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the DNS provider of a claim can make its records, and how the customer came back from it. */
export class AddDomainSetup1795430000039 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table domains
        add column setup jsonb
          constraint domains_setup_check check (jsonb_typeof(setup) = 'object'),
        add column setup_checked_at timestamptz,
        add column setup_outcome text
          constraint domains_setup_outcome_check
          check (setup_outcome in ('returned', 'cancelled', 'rejected', 'unavailable')),
        add column setup_returned_at timestamptz
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table domains
        drop column setup, drop column setup_checked_at,
        drop column setup_outcome, drop column setup_returned_at
    `);
  }
}
