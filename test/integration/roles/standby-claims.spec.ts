import { withCommitLevel } from '../../../src/database/commit-level.js';
import { StandbyWatch } from '../../../src/database/standby-watch.js';
import { lookupOf } from '../../../src/secrets/secret-key.js';
import { hasDebianPostgres } from '../../support/debian-postgres.js';
import { ReplicatedPostgres } from '../../support/replicated-postgres.js';
import { describeUnless } from '../../support/requires.js';
import { until } from '../../support/until.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { idleCellConfig } from '../region/idle-cell-config.js';
import { RoleCell } from './role-cells.js';

const VALUE = 'the code is 4711';
const SECRETS = 60;
const SILENT = 'the standby does not confirm';
const CONFIRMS = 'the standby confirms';

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
}

// Debian's PostgreSQL has pg_basebackup, which the embedded one has not.
describeUnless(
  hasDebianPostgres ? null : 'no PostgreSQL 15 of Debian',
  'claims with a synchronous standby',
  () => {
    let servers: ReplicatedPostgres;
    let authority: TestAuthority;
    let cell: RoleCell;
    let promoted: RoleCell | null = null;

    beforeAll(async () => {
      [servers, authority] = await Promise.all([ReplicatedPostgres.start(), openTestAuthority()]);
      const config = Object.assign(idleCellConfig(servers.primary.url), {
        syncClaims: 'on' as const,
      });
      cell = await RoleCell.start(config, authority);
    }, 300_000);

    afterAll(async () => {
      await promoted?.close();
      await cell.close();
      await servers.stop();
      await authority.remove();
    });

    const share = async (more: Record<string, string> = {}): Promise<Made> => {
      const form = { secret: VALUE, ttl: '3600', ...more };
      const answer = await cell.call('/api/v1/share', { form });
      if (answer.status !== 200) throw new Error(answer.text);
      return JSON.parse(answer.text) as Made;
    };
    const reveal = ({ secret_key: key }: Made, at = cell) =>
      at.call(`/api/v1/secret/${key}`, { method: 'POST' });
    /** The text of the answer. On a busy machine the standby may be silent for a moment, and then nothing is consumed. */
    const opened = (made: Made): Promise<string> =>
      until('it is opened', async () => {
        const { status, text } = await reveal(made);
        return status !== 503 && text;
      });
    const revealBy = ({ secret_key: key }: Made, passphrase: string) =>
      cell.call(`/api/v1/secret/${key}`, { form: { passphrase } });
    /** The cell's own has one. */
    const watchBackends = async (): Promise<number[]> => {
      const rows = await servers.primary.query(
        "select pid from pg_stat_activity where application_name = 'onetime-gateway standby'",
      );
      return rows.map(({ pid }) => Number(pid));
    };
    const burn = ({ metadata_key: key }: Made, more: Record<string, string> = {}) =>
      cell.call(`/api/v2/guest/receipt/${key}/burn`, { json: { continue: true, ...more } });
    const guessesLeft = async ({ secret_key: key }: Made): Promise<unknown> =>
      (
        await servers.primary.query('select guesses_left from secrets where lookup = $1', [
          lookupOf('secret', key),
        ])
      )[0];
    const logged = (text: string): number => cell.logs.filter((line) => line.includes(text)).length;

    it('run on a pool of their own, which the metrics tell from the other', async () => {
      await opened(await share());
      const size = await cell.cell.metrics.getSingleMetricAsString('gateway_database_pool_size');
      const pools = [...size.matchAll(/pool="(\w+)"[^\n]* (\d+)$/gm)];
      expect(new Set(pools.map(([, pool]) => pool))).toEqual(new Set(['claims', 'main']));
      expect(pools.every(([, , count]) => Number(count) > 0)).toBe(true);
    });

    it('open nothing while the standby is away, consume nothing, and all else goes on', async () => {
      const [made, kept] = [await share(), await share()];
      const guarded = await share({ passphrase: 'right', passphrase_attempts: '2' });
      expect(await opened(made)).toContain(VALUE);
      // On a busy machine it may have been silent for a moment at the start.
      const [silent, confirms] = [logged(SILENT), logged(CONFIRMS)];
      servers.standby.signal('SIGSTOP');
      await until('the watch notices', () => logged(SILENT) > silent);

      const refused = await reveal(kept);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('10');
      expect((await burn(kept)).status).toBe(503);
      for (const passphrase of ['right', 'wrong', 'right']) {
        expect((await revealBy(guarded, passphrase)).status).toBe(503);
        expect((await burn(guarded, { passphrase })).status).toBe(503);
      }
      expect(await guessesLeft(guarded)).toEqual({ guesses_left: 2 });
      // A watch that gives its connection up leaves no backend waiting behind it.
      const impatient = new StandbyWatch(withCommitLevel(servers.primary.url, 'on'), 200);
      await impatient.start();
      const seen = new Set<number>();
      await until('it has connected anew several times', async () => {
        const pids = await watchBackends();
        expect(pids.length).toBeLessThanOrEqual(3);
        for (const pid of pids) seen.add(pid);
        impatient.wake();
        return seen.size >= 6;
      });
      await impatient.stop();
      // Creating and reading commit locally, and nothing waits.
      const meanwhile = await share();
      expect((await cell.call(`/api/v1/private/${kept.metadata_key}`)).text).toContain('"new"');
      expect(cell.cell.databaseState()).toBe('writable');

      servers.standby.signal('SIGCONT');
      await until('the watch notices', () => logged(CONFIRMS) > confirms);
      expect(await opened(kept)).toContain(VALUE);
      expect((await revealBy(guarded, 'right')).text).toContain(VALUE);
      expect(await opened(meanwhile)).toContain(VALUE);
    });

    it('that were answered are gone on the standby, after a crash of the primary and a promotion', async () => {
      const made: Made[] = [];
      for (let index = 0; index < SECRETS; index += 1) made.push(await share());
      const answered: { readonly of: Made; readonly state: string }[] = [];
      let ended = 0;
      const claims = made.map(async (each, index) => {
        const isBurned = index % 4 === 0;
        const answer = await (isBurned ? burn(each) : reveal(each)).catch(() => null);
        ended += 1;
        if (answer?.status !== 200) return;
        answered.push({ of: each, state: isBurned ? 'burned' : 'received' });
      });
      // In the middle of the claims.
      await until('some are answered', () => answered.length >= SECRETS / 4);
      servers.primary.signal('SIGKILL');
      const endedBefore = ended;
      await servers.promote();
      await Promise.all(claims);
      expect(endedBefore).toBeLessThanOrEqual(SECRETS);

      for (const { of, state } of answered) {
        const rows = await servers.standby.query('select from secrets where lookup = $1', [
          lookupOf('secret', of.secret_key),
        ]);
        expect(rows).toEqual([]);
        const receipts = await servers.standby.query(
          'select state from receipts where lookup = $1',
          [lookupOf('receipt', of.metadata_key)],
        );
        expect(receipts).toEqual([{ state }]);
      }

      // What was not answered is opened there, once; what was answered is not.
      const config = Object.assign({}, cell.config, {
        databaseUrl: servers.standby.url,
        syncClaims: null,
      });
      promoted = await RoleCell.start(config, authority);
      for (const { of } of answered)
        expect((await reveal(of, promoted)).text).toContain('Unknown secret');
    });
  },
);
