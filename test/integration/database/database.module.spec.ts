import { Test, type TestingModule } from '@nestjs/testing';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, PrimaryColumn, type Repository } from 'typeorm';
import { DatabaseHealth } from '../../../src/database/database-health.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { Statements } from '../../../src/database/statements.js';
import { DAY } from '../../../src/shared/durations.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

@Entity('notes')
class NoteEntity {
  @PrimaryColumn('int')
  id!: number;

  @Column('text')
  text!: string;
}

async function aCell(database: TestDatabase): Promise<TestingModule> {
  await database.dataSource.query('create table notes (id int primary key, text text not null)');
  const cell = await Test.createTestingModule({
    imports: [DatabaseModule.of(database.dataSource), TypeOrmModule.forFeature([NoteEntity])],
  }).compile();
  return cell.init();
}

function notesOf(cell: TestingModule): Repository<NoteEntity> {
  return cell.get(getRepositoryToken(NoteEntity));
}

describe(DatabaseModule.name, () => {
  it('gives each of two cells in one process its own database, and closes it with the cell', async () => {
    const databases = await Promise.all([openTestDatabase(), openTestDatabase()]);
    const [eu, us] = (await Promise.all(databases.map(aCell))) as [TestingModule, TestingModule];
    try {
      await notesOf(eu).insert({ id: 1, text: 'written in eu' });
      const statement = { name: 'count_notes', text: 'select count(*)::int as count from notes' };
      await expect(eu.get(Statements).run(statement, [])).resolves.toEqual([{ count: 1 }]);
      await expect(us.get(Statements).run(statement, [])).resolves.toEqual([{ count: 0 }]);
      await expect(notesOf(us).count()).resolves.toBe(0);
      expect(eu.get(DatabaseHealth).state).toBe('writable');

      const dataSource = eu.get(DataSource);
      await eu.close();
      expect(dataSource.isInitialized).toBe(false);
      await expect(us.get(Statements).run(statement, [])).resolves.toEqual([{ count: 0 }]);
    } finally {
      await us.close();
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  it('knows the partitions of days before the first request', async () => {
    const database = await openTestDatabase();
    const cell = await aCell(database);
    try {
      const statements = cell.get(Statements);
      const day = new Date(Date.now() + DAY).toISOString().slice(0, 10);
      const one = { name: 'one', dayText: 'select 1 as one from {secrets} limit 0' };
      await statements.runOn(one, { secrets: day }, []);
      await expect(
        database.dataSource.query(`select name from pg_prepared_statements where name ~ '^one'`),
      ).resolves.toEqual([{ name: `one_s${day.replaceAll('-', '')}` }]);
    } finally {
      await cell.close();
      await database.close();
    }
  });
});
