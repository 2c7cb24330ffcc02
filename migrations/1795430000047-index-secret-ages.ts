import type { MigrationInterface, QueryRunner } from 'typeorm';

// The age of the oldest ciphertext, without reading the others. Each partition is indexed for itself, without a transaction
// around them: who writes to one waits for this one, and the index of the whole table then takes them as they are.
export class IndexSecretAges1795430000047 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    const partitions: { name: string }[] = await queryRunner.query(
      `select inhrelid::regclass::text as name from pg_inherits
       where inhparent = 'secrets'::regclass order by name`,
    );
    for (const { name } of partitions)
      await queryRunner.query(
        `create index if not exists ${name}_created_at_idx on ${name} (created_at)`,
      );
    await queryRunner.query(
      'create index if not exists secrets_created_at_idx on secrets (created_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index secrets_created_at_idx');
  }
}
