import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PairDomains1795430000042 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The claim to the name that this one redirects to: `www.example.com` to `example.com`, or the other way round.
    // Deferrable, because a backup is restored in parts.
    await queryRunner.query(`
      alter table domains
        add column main_id uuid,
        add constraint domains_main_id_fkey foreign key (main_id) references domains (id) on delete set null deferrable
    `);
    await queryRunner.query(
      'create index domains_main_id_idx on domains (main_id) where main_id is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table domains drop column main_id');
  }
}
