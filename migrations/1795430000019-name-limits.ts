import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The operator sees who is limited in the whole region, and lifts guesses by their network. */
export class NameLimits1795430000019 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Null: counted by a program from before, or no burst. The flag is what the index needs: it changes once in a
    // window, so that counting still writes to no index.
    await queryRunner.query(`
      alter table rate_limits
        add column limit_name text,
        add column burst integer,
        add column network_key bytea,
        add column is_used_up boolean generated always as (used >= burst) stored
    `);
    await queryRunner.query(
      'create index rate_limits_used_up_idx on rate_limits (resets_at) where is_used_up',
    );
    await queryRunner.query(`
      create index rate_limits_network_key_idx on rate_limits (network_key)
      where network_key is not null
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index rate_limits_network_key_idx');
    await queryRunner.query('drop index rate_limits_used_up_idx');
    await queryRunner.query(`
      alter table rate_limits drop column is_used_up, drop column network_key, drop column burst,
        drop column limit_name
    `);
  }
}
