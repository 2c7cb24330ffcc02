import { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';
import { V1Caller } from '../support/v1-caller.js';

const OWNER = 'owner@example.com';

describe('without a mail server', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
  });
  afterAll(() => gateway.stop());

  it('mails are files that the command line shows', async () => {
    const account = await gateway.account('eu', OWNER, 'identity_plus');
    const caller = new V1Caller(gateway, 'eu', account);
    const shared = await caller.share('hello', { recipient: 'them@example.com', language: 'fr' });
    expect(shared['email_sent']).toBe(true);
    const list = await until('the file', async () => {
      const { stdout } = await gateway.command('dev', 'mail', 'list', '--json');
      const mails = JSON.parse(stdout) as { to: string; subject: string; number: string }[];
      return mails.length > 0 && mails;
    });
    expect(list).toMatchObject([
      { number: '1', to: 'them@example.com', subject: expect.stringContaining(OWNER) },
    ]);
    const shown = await gateway.command('dev', 'mail', 'show', '1');
    expect(shown.stdout).toContain(`/secret/${shared.secret_key}\n`);
    expect(shown.stdout).toContain('Ouvrir le message');
    expect((await gateway.command('dev', 'mail', 'show', '2')).code).toBe(1);
    // One line for each region.
    await until('they are logged', () => gateway.logs.split('mails become files').length >= 3);
    expect(gateway.logs.split('mails become files')).toHaveLength(3);
  });
});
