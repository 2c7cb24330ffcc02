import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { temporaryServer } from '../support/temporary-server.js';

// Steps 1 to 5 of the drill of docs/operations.md. Undoing what came back, the DNS and the customers are for a person.
describe('a region whose database is lost', () => {
  // `spare` is the database that takes the place of the lost one.
  const files = temporaryServer({ regions: ['eu', 'spare'] });
  const rootKey = randomBytes(32).toString('base64');
  let server: EmbeddedPostgres;
  let gateway: GatewayProcess;

  const start = (database: 'eu' | 'spare'): Promise<GatewayProcess> =>
    GatewayProcess.start({
      environment: {
        GATEWAY_SERVE_REGIONS: 'eu',
        GATEWAY_DATABASE_URL_EU: server.urlOf(database),
        GATEWAY_ROOT_KEY_EU: rootKey,
      },
    });

  beforeAll(async () => {
    server = await files.start();
    gateway = await start('eu');
  });
  afterAll(async () => {
    await gateway?.stop();
    await server?.stop();
    files.remove();
  });

  it('is restored from its backup: accounts and receipts are back, and no secret is', async () => {
    const { auth } = await gateway.account('eu', 'ann@example.com');
    const share = async (secret: string) => {
      const answer = await gateway.call('eu', { path: '/api/v1/share', auth, body: { secret } });
      return answer.json<{ secret_key: string; metadata_key: string }>();
    };
    const reveal = (key: string) =>
      gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
    const opened = await share('opened before');
    const unread = await share('never opened');
    const later = await share('opened after the backup');
    expect((await reveal(opened.secret_key)).status).toBe(200);

    const file = join(files.dataDir, 'eu.backup');
    expect(await gateway.command('backup', '--to', file)).toMatchObject({ code: 0, stderr: '' });
    expect((await reveal(later.secret_key)).status).toBe(200);

    // The database is lost, and with it everything since the backup.
    await gateway.stop();
    const spare = { GATEWAY_DATABASE_URL_EU: server.urlOf('spare') };
    expect((await gateway.commandWith(spare, 'restore', '--from', file, '--check')).code).toBe(0);
    expect(await gateway.commandWith(spare, 'restore', '--from', file)).toMatchObject({
      code: 0,
      stderr: '',
    });
    const { stdout: findings } = await gateway.commandWith(spare, 'doctor');
    expect(findings).toMatch(/^good +eu migrations +all migrations are applied$/m);
    expect(findings).toMatch(/^good +eu root keys /m);
    expect(findings).not.toMatch(/^bad +eu (database|migrations|root keys) /m);
    gateway = await start('spare');

    for (const { secret_key: key } of [opened, unread, later]) {
      const answer = await reveal(key);
      expect([answer.status, answer.json()]).toMatchObject([404, { message: 'Unknown secret' }]);
    }
    const stateOf = async ({ metadata_key: key }: { metadata_key: string }) => {
      const path = `/api/v1/private/${key}`;
      const receipt = await gateway.call('eu', { method: 'POST', path, auth });
      return receipt.json<{ state: string }>().state;
    };
    expect(await stateOf(opened)).toBe('received');
    expect(await stateOf(unread)).toBe('orphaned');
    const fresh = await share('after the disaster');
    expect((await reveal(fresh.secret_key)).json()).toMatchObject({ value: 'after the disaster' });
    expect((await reveal(fresh.secret_key)).status).toBe(404);
  });
});
