import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { getuid } from 'node:process';
import { Client } from 'pg';
import { connectDatabase } from '../../../src/database/connect.js';
import { embeddedBinaries } from '../../../src/database/embedded/binaries.js';
import { migrateDatabase, revertLastMigration } from '../../../src/database/migrate.js';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { childrenOf } from '../../support/child-processes.js';
import { temporaryFolder, temporaryServer } from '../../support/temporary-server.js';
import { LogLines } from '../../support/log-lines.js';
import { itUnless } from '../../support/requires.js';
import { until } from '../../support/until.js';

const notRoot = getuid?.() === 0 ? null : 'the tests run as an ordinary user';

async function query(url: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}

function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

describe('embedded PostgreSQL', () => {
  it("lets a region's role connect to its own database only, and administer nothing", async () => {
    const server = temporaryServer({ regions: ['us', 'eu'] });
    const running = await server.start();
    try {
      const eu = running.urlOf('eu');
      await query(eu, 'create table mine (id int)');
      for (const other of ['onetime_us', 'postgres', 'template1']) {
        await expect(query(onDatabase(eu, other), 'select 1')).rejects.toMatchObject({
          code: '42501',
        });
      }
      await expect(query(eu, 'create role friend')).rejects.toMatchObject({ code: '42501' });
      await expect(query(eu, "select pg_read_file('PG_VERSION')")).rejects.toMatchObject({
        code: '42501',
      });
      const wrongPassword = new URL(eu);
      wrongPassword.password = 'guessed';
      await expect(query(wrongPassword.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
      await expect(query(running.adminUrl, 'show listen_addresses')).resolves.toEqual([
        { listen_addresses: '' },
      ]);
    } finally {
      await running.stop();
      server.remove();
    }
  });

  it('writes its connection details for the owner only, and inherits no variable of the gateway', async () => {
    const server = temporaryServer();
    const running = await server.start();
    try {
      expect(statSync(join(server.dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
      const environment = readFileSync(`/proc/${running.processId}/environ`, 'utf8').split('\0');
      expect(environment.filter((entry) => /^(?:GATEWAY|TEST)_/.test(entry))).toEqual([]);
    } finally {
      await running.stop();
      server.remove();
    }
  });

  it('starts in a data dir whose path is too long for a unix socket', async () => {
    const root = temporaryFolder();
    const dataDir = join(root, 'x'.repeat(120));
    mkdirSync(dataDir, { mode: 0o700 });
    const server = temporaryServer({ dataDir });
    const running = await server.start();
    await expect(query(running.urlOf('eu'), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
    await running.stop();
    rmSync(root, { recursive: true });
  });

  itUnless(
    notRoot,
    'started as root, runs binaries and uses data that only root can reach',
    async () => {
      const root = temporaryFolder();
      const { postgres } = await embeddedBinaries();
      const native = dirname(dirname(postgres));
      // As with umask 077: a program's mode keeps the others out as well.
      for (const mode of [0o755, 0o700]) {
        const clone = join(root, `clone-${mode}`);
        cpSync(native, clone, { recursive: true, verbatimSymlinks: true });
        const bin = join(clone, 'bin');
        const binaries = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
        for (const program of Object.values(binaries)) chmodSync(program, mode);

        const dataDir = join(root, `data-${mode}`);
        mkdirSync(dataDir, { mode: 0o700 });
        const server = temporaryServer({ dataDir, binaries });
        const running = await server.start();
        await expect(query(running.urlOf('eu'), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
        expect(statSync(`/proc/${running.processId}`).uid).not.toBe(0);
        await running.stop();
      }
      rmSync(root, { recursive: true });
    },
  );

  it('stops the server that a killed process left running, and keeps the data', async () => {
    const server = temporaryServer();
    const orphan = await server.start();
    await query(orphan.urlOf('eu'), 'create table kept as select 1 as id');
    const running = await server.start();
    expect(running.processId).not.toBe(orphan.processId);
    await expect(query(running.urlOf('eu'), 'select id from kept')).resolves.toEqual([{ id: 1 }]);
    await running.stop();
    server.remove();
  });

  it('starts the server again when it or one of its processes was killed, as often as that happens', async () => {
    const server = temporaryServer({ isKept: true });
    const running = await new LogLines().capture(() => server.start());
    await query(running.urlOf('eu'), 'create table kept as select 1 as id');
    const itself = (processId: number) => processId;
    const oneOf = (processId: number) => childrenOf(processId)[0] as number;
    for (const victim of [itself, itself, oneOf]) {
      const { processId } = running;
      process.kill(victim(processId), 'SIGKILL');
      await until('another server answers', async () => {
        const rows = await query(running.urlOf('eu'), 'select id from kept').catch(() => null);
        return rows !== null && running.processId !== processId;
      });
      await expect(query(running.urlOf('eu'), 'select id from kept')).resolves.toEqual([{ id: 1 }]);
    }
    // Also while it is being started again.
    process.kill(running.processId, 'SIGKILL');
    await running.stop();
    await expect(query(running.urlOf('eu'), 'select 1')).rejects.toThrow();
    server.remove();
  });

  it('ends a server that does not get ready, when it is stopped', async () => {
    const { initdb, postgres } = await embeddedBinaries();
    const folder = openFolder();
    const [isLate, started] = [join(folder, 'late'), join(folder, 'started')];
    const script = `[ -e ${isLate} ] && touch ${started} && exec sleep 1000\nexec ${postgres} "$@"`;
    const program = scriptIn(folder, script);
    const server = temporaryServer({ isKept: true, binaries: { initdb, postgres: program } });
    const running = await new LogLines().capture(() => server.start());
    writeFileSync(isLate, '');
    process.kill(running.processId, 'SIGKILL');
    await until('the next one is started', () => existsSync(started));
    await running.stop();
    server.remove();
    rmSync(folder, { recursive: true });
  });

  it('starts beside the initdb of a killed start, which still writes', async () => {
    const { initdb, postgres } = await embeddedBinaries();
    const folder = openFolder();
    const [orphan, enough] = [join(folder, 'orphan'), join(folder, 'enough')];
    const script = `for each; do case $each in --pgdata=*) cluster=\${each#*=};; esac; done
[ -e ${orphan} ] && exec ${initdb} "$@"
touch ${orphan}
(until [ -e ${enough} ]; do mkdir -p "$cluster/base"; : > "$cluster/base/$((n += 1))"; done; rm ${orphan}) 2> /dev/null &
exit 1`;
    const program = scriptIn(folder, script);
    const server = temporaryServer({ binaries: { initdb: program, postgres } });
    await expect(server.start()).rejects.toThrow('initdb');
    try {
      const running = await server.start();
      await expect(query(running.urlOf('eu'), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
      await running.stop();
    } finally {
      writeFileSync(enough, '');
      await until('the orphan has ended', () => !existsSync(orphan));
    }
    server.remove();
    rmSync(folder, { recursive: true });
  });

  it('rejects with the log of PostgreSQL when the server cannot start', async () => {
    const server = temporaryServer({ settings: { work_mem: 'nonsense' } });
    await expect(server.start()).rejects.toThrow(/work_mem/);
    server.remove();
  });
});

/** The database's user writes to it, too. */
function openFolder(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  return folder;
}

/** Returns the path of the program. */
function scriptIn(folder: string, script: string): string {
  const program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return program;
}

describe('migrations', () => {
  it('are applied once by two processes that start at the same time, and can be reverted', async () => {
    const server = temporaryServer();
    const running = await server.start();
    const dataSources = await Promise.all([1, 2].map(() => connectDatabase(running.urlOf('eu'))));
    const [first] = dataSources as [(typeof dataSources)[number]];
    try {
      const applied = await Promise.all(dataSources.map(migrateDatabase));
      expect(applied.map((names) => names.length).toSorted((a, b) => a - b)).toEqual([
        0,
        MIGRATIONS.length,
      ]);

      for (const _ of MIGRATIONS) await revertLastMigration(first);
      await expect(
        first.query("select tablename from pg_tables where schemaname = 'public'"),
      ).resolves.toEqual([{ tablename: 'schema_migrations' }]);
      await expect(migrateDatabase(first)).resolves.toHaveLength(MIGRATIONS.length);
    } finally {
      await Promise.all(dataSources.map((dataSource) => dataSource.destroy()));
      await running.stop();
      server.remove();
    }
  });
});
