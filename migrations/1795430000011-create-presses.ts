import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePresses1795430000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // What became of a form that was sent, for a second request of the same press in another process. Unlogged: it counts
    // for ten seconds. `mark` is a hash; nothing here is of a message, a key or a passphrase.
    await queryRunner.query(`
      create unlogged table presses (
        mark bytea not null,
        outcome text not null,
        at timestamptz not null default now(),
        constraint presses_pkey primary key (mark)
      )
    `);
    await queryRunner.query('create index presses_at_idx on presses (at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table presses');
  }
}
