import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLimits1795430000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Unlogged: counting waits for no disk. A crash of the server empties it, a restart does not.
    await queryRunner.query(`
      create unlogged table rate_limits (
        key bytea not null,
        used integer not null,
        resets_at timestamptz not null,
        constraint rate_limits_pkey primary key (key)
      )
    `);
    await queryRunner.query('create index rate_limits_resets_at_idx on rate_limits (resets_at)');
    // Null: wrong passphrases do not burn the secret.
    await queryRunner.query('alter table secrets add column guesses_left smallint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table secrets drop column guesses_left');
    await queryRunner.query('drop table rate_limits');
  }
}
