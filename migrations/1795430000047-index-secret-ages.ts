import type { MigrationInterface, QueryRunner } from 'typeorm';

const NO_SUCH_TABLE = '42P01';
/**
 * A process of the last release that starts meanwhile waits for the lock of migrations with a snapshot, which an index would
 * wait for. It gives up then, the lock is free for a moment, and the next start tries again.
 */
const LOCK_TIMEOUT = '30s';

// The age of the oldest ciphertext, without reading the others. Each partition is indexed for itself, without a transaction
// around them and while others write to it; the index of the whole table then takes them as they are.
export class IndexSecretAges1795430000047 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
    try {
      await indexAges(queryRunner);
    } finally {
      await queryRunner.query('reset lock_timeout');
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index secrets_created_at_idx');
  }
}

async function indexAges(queryRunner: QueryRunner): Promise<void> {
  // One that was interrupted leaves an index that no query uses, and that keeps its name.
  const unfinished: { name: string }[] = await queryRunner.query(
    `select indexrelid::regclass::text as name from pg_index
     join pg_inherits on inhrelid = indrelid and inhparent = 'secrets'::regclass
     where not indisvalid and indexrelid::regclass::text like '%_created_at_idx'`,
  );
  for (const { name } of unfinished)
    await queryRunner.query(`drop index concurrently if exists ${name}`);
  const partitions: { name: string }[] = await queryRunner.query(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent = 'secrets'::regclass order by name`,
  );
  for (const { name } of partitions) await indexPartition(queryRunner, name);
  await queryRunner.query(
    'create index if not exists secrets_created_at_idx on secrets (created_at)',
  );
}

/** A gateway of the last release may have dropped the partition meanwhile: its day is over. */
async function indexPartition(queryRunner: QueryRunner, name: string): Promise<void> {
  try {
    await queryRunner.query(
      `create index concurrently if not exists ${name}_created_at_idx on ${name} (created_at)`,
    );
  } catch (error) {
    if ((error as { driverError?: { code?: string } }).driverError?.code !== NO_SUCH_TABLE)
      throw error;
  }
}
