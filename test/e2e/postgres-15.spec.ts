import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DebianPostgres, hasDebianPostgres } from '../support/debian-postgres.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { describeUnless } from '../support/requires.js';
import { until } from '../support/until.js';

describeUnless(
  hasDebianPostgres ? null : "Debian's package postgresql-15 is not installed",
  'on PostgreSQL 15, with the role that docker-compose.yml creates',
  () => {
    let postgres: DebianPostgres;
    let gateway: GatewayProcess;

    beforeAll(async () => {
      postgres = await DebianPostgres.start();
      gateway = await GatewayProcess.start({
        environment: {
          GATEWAY_REGIONS: 'eu',
          GATEWAY_DATABASE_URL_EU: postgres.url,
          GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
        },
      });
    });

    afterAll(async () => {
      await gateway?.stop();
      await postgres?.stop();
    });

    it('migrates, makes the partitions ahead and serves accounts and secrets', async () => {
      const { auth } = await gateway.account('eu', 'somebody@example.com', 'identity_plus');
      const path = '/api/v1/share';
      const shared = await gateway.call('eu', { path, body: { secret: 'kept' }, auth });
      const { secret_key: key } = shared.json<{ secret_key: string }>();
      const reveal = { method: 'POST', path: `/api/v1/secret/${key}` } as const;
      expect((await gateway.call('eu', reveal)).json()['value']).toBe('kept');
      expect((await gateway.call('eu', reveal)).json()['message']).toBe('Unknown secret');
      const [partitions] = await query(
        `select count(*)::int as count from pg_inherits where inhparent = 'secrets'::regclass`,
      );
      expect(partitions?.['count']).toBeGreaterThan(30);
    });

    it('deletes expired ciphertext without being asked', async () => {
      const body = { secret: 'expires' };
      const shared = await gateway.call('eu', { path: '/api/v1/share', body });
      expect(shared.status).toBe(200);
      await query(`update secrets set expires_at = now() - interval '1 second'`);
      await until('the ciphertext is deleted', async () => {
        const [left] = await query('select count(*)::int as count from secrets');
        return left?.['count'] === 0;
      });
      const [sealed] = await query(
        'select count(*)::int as count from receipts where sealed_secret_key is not null',
      );
      expect(sealed?.['count']).toBe(0);
    });

    it('claims a custom domain and says which records are missing', async () => {
      const { auth } = await gateway.account('eu', 'owner@example.com', 'identity_plus');
      const body = JSON.stringify({ domain: 'secrets.acme.test' });
      const claimed = await gateway.call('eu', { path: '/api/domains', body, auth });
      expect(claimed.status).toBe(201);
      const { record } = claimed.json<{ record: { records: { type: string }[] } }>();
      expect(record.records.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['TXT', 'CNAME']),
      );
    });

    it('runs on a role that is no superuser and may create neither roles nor databases', async () => {
      const [role] = await query(
        'select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user',
      );
      expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false });
      const [version] = await query('show server_version_num');
      expect(version?.['server_version_num']).toMatch(/^15/);
    });

    async function query(text: string): Promise<Record<string, unknown>[]> {
      const client = new Client({ connectionString: postgres.url });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text)).rows;
      } finally {
        await client.end();
      }
    }
  },
);
