import { getuid } from 'node:process';
import type { DataSource } from 'typeorm';
import { Client } from 'pg';
import { connectDatabase } from '../../../src/database/connect.js';
import { DatabaseHealth } from '../../../src/database/database-health.js';
import type { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../../../src/database/migrate.js';
import { Statements } from '../../../src/database/statements.js';
import { SmallDisk } from '../../support/small-disk.js';
import { temporaryServer } from '../../support/temporary-server.js';
import { LogLines } from '../../support/log-lines.js';
import { until } from '../../support/until.js';

const isRoot = getuid?.() === 0;
if (!isRoot && process.env['CI']) throw new Error('CI runs these tests as root: they mount a disk');
const asRoot = isRoot ? it : it.skip;

let server: EmbeddedPostgres;
let dataSource: DataSource;
let statements: Statements;
let health: DatabaseHealth;

async function connect(running: EmbeddedPostgres): Promise<void> {
  server = running;
  dataSource = await connectDatabase(running.urlOf('eu'));
  statements = new Statements(dataSource);
  health = new LogLines().capture(() => new DatabaseHealth(dataSource, statements));
}

async function disconnect(): Promise<void> {
  await health.onModuleDestroy();
  await dataSource.destroy();
}

async function asAdmin(...statementTexts: string[]): Promise<void> {
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  for (const text of statementTexts) await admin.query(text);
  await admin.end();
}

const setReadOnly = (value: 'on' | 'off'): Promise<void> =>
  asAdmin(`alter system set default_transaction_read_only = ${value}`, 'select pg_reload_conf()');

const is = (state: string): Promise<boolean> =>
  until(`the database is ${state}`, () => health.state === state, 60_000);

describe(DatabaseHealth.name, () => {
  const files = temporaryServer();

  beforeAll(async () => {
    await connect(await files.start());
    await migrateDatabase(dataSource);
    await health.onModuleInit();
  });

  afterAll(async () => {
    await disconnect();
    await server.stop();
    files.remove();
  });

  it('reports a server in read-only mode, without any request, and its return', async () => {
    expect(health.state).toBe('writable');
    await setReadOnly('on');
    await is('read-only');
    await setReadOnly('off');
    await is('writable');
  });

  it('reports a lost permission to write', async () => {
    const role = new URL(server.urlOf('eu')).username;
    await dataSource.query(`revoke update on write_probes from ${role}`);
    await is('refuses writes');
    await dataSource.query(`grant update on write_probes to ${role}`);
    await is('writable');
  });

  it('leaves nothing behind, however often it probes', async () => {
    const size = async (): Promise<unknown> => {
      const text = `select pg_relation_size('write_probes') as row,
        pg_relation_size('write_probe_pages') as pages, count(*)::int as rows from write_probes`;
      return dataSource.query(text);
    };
    for (let round = 0; round < 300; round += 1)
      await dataSource.query('update write_probes set written_at = now()');
    const before = await size();
    const probe = new LogLines().capture(() => new DatabaseHealth(dataSource, statements));
    await probe.onModuleInit();
    await probe.onModuleDestroy();
    expect(before).toEqual([{ row: '8192', pages: '0', rows: 1 }]);
    expect(await size()).toEqual(before);
  });
});

describe('a full disk', () => {
  asRoot(
    'is reported while tables cannot grow, although a row can still be updated',
    async () => {
      const disk = SmallDisk.mount(160);
      try {
        await connect(await temporaryServer({ dataDir: disk.path }).start());
        await migrateDatabase(dataSource);
        await health.onModuleInit();
        expect(health.state).toBe('writable');
        await dataSource.query('create table grown (filler text)');

        disk.fill();
        const grow = {
          name: 'grow',
          text: "insert into grown select repeat('x', 7000) from generate_series(1, 50)",
        };
        await expect(statements.run(grow, [])).rejects.toMatchObject({ code: 'unavailable' });
        await is('disk full');
        await expect(
          dataSource.query('update write_probes set written_at = now()'),
        ).resolves.toBeDefined();
        const second = new LogLines().capture(() => new DatabaseHealth(dataSource, statements));
        await second.onModuleInit();
        expect(second.state).toBe('disk full');
        await second.onModuleDestroy();

        disk.free();
        await is('writable');
        await disconnect();
        await server.stop();
      } finally {
        disk.unmount();
      }
    },
    120_000,
  );
});
