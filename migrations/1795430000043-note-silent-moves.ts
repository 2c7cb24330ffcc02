import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NoteSilentMoves1795430000043 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // When the other region last said how far the move is, and since when it does not, and in which way.
    await queryRunner.query(`
      alter table domain_moves
        add column heard_at timestamptz,
        add column silence text,
        add column silent_since timestamptz,
        add constraint domain_moves_silence_check
          check (silence in ('unreachable', 'unknown') and silent_since is not null or silence is null)
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table domain_moves drop column heard_at, drop column silence, drop column silent_since',
    );
  }
}
