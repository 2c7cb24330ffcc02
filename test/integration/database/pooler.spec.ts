import type { CellConfig } from '../../../src/config/cell-config.js';
import { ChangeFeed } from '../../../src/database/change-feed.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { migrateDatabase } from '../../../src/database/migrate.js';
import { lookAtSessions } from '../../../src/database/pooled-sessions.js';
import { Statements } from '../../../src/database/statements.js';
import { prepareDatabase } from '../../../src/region/prepare-database.js';
import { LogLines } from '../../support/log-lines.js';
import { describeWithPgbouncer, startPgbouncer } from '../../support/pgbouncer.js';
import { runCommand } from '../../support/run-command.js';
import {
  openEmptyDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';
import { until } from '../../support/until.js';

const IGNORED = 'statement_timeout, idle_in_transaction_session_timeout, options';
const CELL = { role: 'all', region: 'eu' } as CellConfig;
const LOST = [
  `statement_timeout = '5s'`,
  `idle_in_transaction_session_timeout = '30s'`,
  `enable_seqscan = 'off'`,
  `jit = 'off'`,
];

describe('connections without a pooler', () => {
  it('have a session each, with what they asked for', async () => {
    const database = await openTestDatabase();
    try {
      const expected = { areShared: false, lost: [] };
      await expect(lookAtSessions(database.dataSource)).resolves.toEqual(expected);
    } finally {
      await database.close();
    }
  });
});

describeWithPgbouncer('behind PgBouncer', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openEmptyDatabase();
  });
  afterAll(() => database.close());

  async function behind<Result>(
    settings: readonly string[],
    work: (url: string) => Promise<Result>,
  ): Promise<Result> {
    const pooler = await startPgbouncer(database.url, settings);
    try {
      return await work(pooler.url);
    } finally {
      await pooler.stop();
    }
  }

  it('that pools transactions, a cell and the command line refuse to start', async () => {
    const settings = ['pool_mode = transaction', `ignore_startup_parameters = ${IGNORED}`];
    await behind(settings, async (url) => {
      const dataSource = await connectDatabase(url);
      try {
        await expect(prepareDatabase(CELL, dataSource)).rejects.toThrow(
          /GATEWAY_DATABASE_URL_EU: a pooler .*pool_mode=session/,
        );
      } finally {
        await dataSource.destroy();
      }
      const environment = {
        GATEWAY_SERVE_REGIONS: 'eu',
        GATEWAY_DATABASE_URL_EU: url,
        GATEWAY_ROOT_KEY_EU: 'h2NUfPWpLhVZqf0cWx9D4mBkT7eRsYjA1oGvIuXlQ3s=',
      };
      const { code, stderr } = await runCommand(['migrate'], environment);
      expect([code, stderr]).toEqual([2, expect.stringContaining('pool_mode=session')]);
      for (const words of [
        ['backup', '--region', 'eu', '--to', '/nowhere/backup'],
        ['shred', '--region', 'eu', '--secrets', '--yes'],
        ['rekey', '--region', 'eu'],
      ])
        expect(await runCommand(words, environment)).toMatchObject({ code: 2, stdout: '' });
      const doctor = await runCommand(['doctor', '--region', 'eu'], environment);
      expect([doctor.code, doctor.stdout]).toEqual([
        1,
        expect.stringContaining('gives each transaction another session'),
      ]);
    });
    await expect(
      database.dataSource.query(`select to_regclass('schema_migrations') as name`),
    ).resolves.toEqual([{ name: null }]);
  });

  it('that has one session for all transactions, says that it is shared', async () => {
    const settings = [
      'pool_mode = transaction',
      'default_pool_size = 1',
      `ignore_startup_parameters = ${IGNORED}`,
    ];
    await behind(settings, async (url) => {
      const dataSource = await connectDatabase(url);
      try {
        await expect(lookAtSessions(dataSource)).resolves.toMatchObject({ areShared: true });
        // The probe has left no transaction that keeps the session from others.
        await expect(dataSource.query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
      } finally {
        await dataSource.destroy();
      }
    });
  });

  it('that pools sessions, all works but the settings that it drops, and the log names them', async () => {
    const settings = ['pool_mode = session', `ignore_startup_parameters = ${IGNORED}`];
    await behind(settings, async (url) => {
      const dataSource = await connectDatabase(url);
      const statements = new Statements(dataSource);
      const feed = new ChangeFeed(dataSource, statements, { readEveryMs: 2 ** 30 });
      try {
        await expect(lookAtSessions(dataSource)).resolves.toEqual({ areShared: false, lost: LOST });
        const lines = new LogLines();
        await lines.capture(() => prepareDatabase(CELL, dataSource));
        expect(lines.all).toContainEqual(
          expect.objectContaining({ level: 'warn', settings: LOST }),
        );
        const one = { name: 'one', text: 'select $1::int as one' };
        const rows = await Promise.all(
          Array.from({ length: 40 }, (_, index) => statements.run(one, [index])),
        );
        expect(rows).toHaveLength(40);
        const heard: (string | null)[] = [];
        feed.on((name) => void heard.push(name));
        feed.onModuleInit();
        await until('a change is notified', async () => {
          await database.dataSource.query(`select pg_notify('domain_changes', 'a.example')`);
          return heard.includes('a.example');
        });
      } finally {
        await feed.onModuleDestroy();
        await dataSource.destroy();
      }
    });
  });

  it('that drops them while the role has the time-out of requests, a migration may take longer', async () => {
    const slow = await openEmptyDatabase();
    await migrateDatabase(slow.dataSource);
    const [{ role, name }] = await slow.dataSource.query<[{ role: string; name: string }]>(
      'select current_user as role, current_database() as name',
    );
    await slow.dataSource.query(
      `alter role ${role} in database ${name} set statement_timeout = 1000`,
    );
    const holder = slow.dataSource.createQueryRunner();
    try {
      const settings = ['pool_mode = session', `ignore_startup_parameters = ${IGNORED}`];
      const pooler = await startPgbouncer(slow.url, settings);
      const dataSource = await connectDatabase(pooler.url);
      try {
        await holder.startTransaction();
        await holder.query('lock table schema_migrations');
        const migrating = migrateDatabase(dataSource);
        migrating.catch(() => {});
        await until('a statement has waited for longer than the role may', async () => {
          const waiting = await slow.dataSource.query<object[]>(
            `select from pg_stat_activity where datname = '${name}' and wait_event_type = 'Lock'
               and clock_timestamp() - query_start > interval '1.5 s'`,
          );
          return waiting.length > 0;
        });
        await holder.commitTransaction();
        await expect(migrating).resolves.toEqual([]);
      } finally {
        await dataSource.destroy();
        await pooler.stop();
      }
    } finally {
      await holder.release();
      await slow.close();
    }
  });

  it('that drops them although its role has them, nothing is missing', async () => {
    const [{ role }] = await database.dataSource.query<[{ role: string }]>(
      'select current_user as role',
    );
    const [{ name }] = await database.dataSource.query<[{ name: string }]>(
      'select current_database() as name',
    );
    for (const setting of LOST)
      await database.dataSource.query(`alter role ${role} in database ${name} set ${setting}`);
    const settings = ['pool_mode = session', `ignore_startup_parameters = ${IGNORED}`];
    await behind(settings, async (url) => {
      const dataSource = await connectDatabase(url);
      try {
        await expect(lookAtSessions(dataSource)).resolves.toEqual({ areShared: false, lost: [] });
      } finally {
        await dataSource.destroy();
      }
    });
  });
});
