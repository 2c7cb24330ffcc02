import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { browserActor, COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { SignUps } from '../../../src/accounts/links/sign-ups.service.js';
import { SessionUses } from '../../../src/accounts/sessions/session-uses.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import { SignIns } from '../../../src/accounts/sign-in/sign-ins.service.js';
import { TOKEN_SCOPES } from '../../../src/accounts/tokens/token-scope.js';
import { TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import { BrowserCell, PASSWORD, signedIn, visitor } from './browser-cell.js';

let cell: BrowserCell;
let signUps: SignUps;
let addresses = 0;

beforeAll(async () => {
  cell = await BrowserCell.start();
  signUps = cell.get(SignUps);
});
afterAll(() => cell.close());

describe('the sessions of an account', () => {
  async function newcomer() {
    addresses += 1;
    const email = `Person-${addresses}@example.net`;
    await signUps.request(email, visitor());
    const opened = await signUps.complete(cell.mail.linkTo(email), PASSWORD, visitor());
    return {
      ...opened,
      again: async () => signedIn(await cell.get(SignIns).byPassword(email, PASSWORD, visitor())),
    };
  }
  const isLive = async (value: string): Promise<boolean> =>
    (await cell.get(Sessions).authenticate(value)) !== null;
  const actor = COMMAND_LINE;

  it.each([
    ['it was not used for twelve hours', `last_seen_at = now() - interval '12 hours'`],
    ['seven days are over', `expires_at = now() - interval '1 second'`],
  ])('end when %s', async (_name, change) => {
    const { session, account } = await newcomer();
    expect(await isLive(session.value)).toBe(true);
    await cell.query(`update sessions set ${change} where id = $1`, [session.id]);
    expect(await isLive(session.value)).toBe(false);
    expect(await cell.get(Sessions).list(account.id)).toEqual([]);
  });

  it('die with a suspension and with the closing, and do not live again', async () => {
    const accounts = cell.get(AccountsService);
    const one = await newcomer();
    await accounts.suspend(one.account.email);
    expect(await isLive(one.session.value)).toBe(false);
    await accounts.resume(one.account.email);
    expect(await isLive(one.session.value)).toBe(false);
    const other = await newcomer();
    await signUps.request(other.account.email, visitor());
    expect(await cell.get(ClosingStore).begin(other.account.id, actor)).toBe(true);
    expect(await isLive(other.session.value)).toBe(false);
    for (const table of ['sessions', 'account_passwords', 'account_links'])
      expect(
        await cell.query(`select 1 from ${table} where account_id = $1`, [other.account.id]),
      ).toEqual([]);
  });

  it('are listed, revoked one by one and all others, and only by their own account', async () => {
    const { account, session, again } = await newcomer();
    const [second, third] = [await again(), await again()];
    const sessions = cell.get(Sessions);
    expect(await sessions.list(account.id)).toMatchObject([
      { id: third.session.id, method: 'password', agent: 'Firefox, Linux' },
      { id: second.session.id },
      { id: session.id, method: 'link', network: '203.0.113.0/24' },
    ]);
    const stranger = await newcomer();
    await expect(sessions.revoke(stranger.account.id, session.id, actor)).rejects.toMatchObject({
      code: 'not_found',
    });
    await sessions.revoke(account.id, session.id, actor);
    expect(await isLive(session.value)).toBe(false);
    await expect(sessions.revoke(account.id, session.id, actor)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await sessions.revokeOthers(account.id, second.session.id, actor)).toBe(1);
    expect([await isLive(second.session.value), await isLive(third.session.value)]).toEqual([
      true,
      false,
    ]);
    expect(await isLive(stranger.session.value)).toBe(true);
    await sessions.signOut(second.session);
    expect(await isLive(second.session.value)).toBe(false);
  });

  it('end the changes that are on their way, too', async () => {
    const { account, session } = await newcomer();
    const acting = { ...browserActor('Firefox, Linux', '203.0.113.0/24'), sessionId: session.id };
    const create = (name: string) =>
      cell
        .get(TokensService)
        .create(
          account.id,
          { name, scopes: ['read'], expiresInSeconds: null },
          { actor: acting, scopes: TOKEN_SCOPES },
        );
    await create('before');
    await cell.get(Sessions).signOut(session);
    await expect(create('after')).rejects.toMatchObject({ code: 'not_authorized' });
  });

  it('have their last use noted every five minutes, in one statement', async () => {
    const { account, session } = await newcomer();
    const uses = cell.get(SessionUses);
    const find = () => cell.get(Sessions).authenticate(session.value);
    expect((await find())?.isNoteDue).toBe(false);
    await cell.query(
      `update sessions set last_seen_at = now() - interval '6 minutes' where id = $1`,
      [session.id],
    );
    expect((await find())?.isNoteDue).toBe(true);
    uses.note(session.id, '198.51.100.0/24');
    await uses.write();
    expect((await find())?.isNoteDue).toBe(false);
    expect(await cell.get(Sessions).list(account.id)).toMatchObject([
      { lastUsedFrom: '198.51.100.0/24', network: '203.0.113.0/24' },
    ]);
  });

  it('are stored as a hash that another region does not make of the same value', async () => {
    const { session } = await newcomer();
    const [row] = await cell.query('select sessions::text as row from sessions where id = $1', [
      session.id,
    ]);
    expect(row?.['row']).not.toContain(session.value);
    const us = await BrowserCell.start({ region: 'us', database: cell.database });
    expect(await us.get(Sessions).authenticate(session.value)).toBeNull();
    await us.close();
  });
});
