import { OWNER, HOSTS, TwoTenants } from './two-tenants.js';

let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());
afterEach(() => tenants.database.dataSource.query('delete from domains'));

/** The proven claim of D, with its policy. */
async function aClaim(policy: object, change: { ownership?: string; removed?: boolean } = {}) {
  const { ownership = 'verified', removed = false } = change;
  await tenants.database.dataSource.query(
    `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
       challenge_label, challenge_value, ownership, policy, removed_at)
     values ('cd0', $1, $2, $2, 'example.com', false, 'target', '_challenge', 'value', $3, $4,
       case when $5 then now() end)`,
    [OWNER.id, HOSTS.D, ownership, JSON.stringify(policy), removed],
  );
}

const CLOSED = { opensOnRegionHost: false };

/** What R says of a link, by each way to look at it or open it. */
const WAYS: readonly [string, (key: string) => Promise<{ status: number; body: string }>][] = [
  ['v1 opens', (key) => tenants.send('R', 'anonymous', 'POST', `/api/v1/secret/${key}`)],
  ['v1 opens for its owner', (key) => tenants.send('R', 'owner', 'POST', `/api/v1/secret/${key}`)],
  [
    'v1 guesses',
    (key) => tenants.send('R', 'anonymous', 'POST', `/api/v1/secret/${key}`, { passphrase: 'x' }),
  ],
  ['v2 looks', (key) => called(`GET /api/v2/secret/${key}`)],
  ['v2 asks for the state', (key) => called(`GET /api/v2/secret/${key}/status`)],
  ['v2 opens', (key) => called(`POST /api/v2/secret/${key}/reveal`, { continue: true })],
  ['v2 looks as a guest', (key) => called(`GET /api/v2/guest/secret/${key}`)],
  [
    'v2 opens as a guest',
    (key) => called(`POST /api/v2/guest/secret/${key}/reveal`, { continue: true }),
  ],
  [
    'v2 guesses',
    (key) => called(`POST /api/v2/secret/${key}/reveal`, { continue: true, passphrase: 'x' }),
  ],
  [
    'the page guesses',
    (key) => tenants.send('R', 'anonymous', 'POST', `/secret/${key}`, { passphrase: 'x' }),
  ],
  ['the page shows to its owner', (key) => tenants.send('R', 'owner', 'GET', `/secret/${key}`)],
  ['the page shows', (key) => tenants.send('R', 'anonymous', 'GET', `/secret/${key}`)],
  ['the page opens', (key) => tenants.press('R', 'anonymous', `/secret/${key}`)],
];

async function called(line: string, body?: object) {
  const answer = await tenants.call('R', 'anonymous', line, body);
  return { status: answer.statusCode, body: answer.body };
}

describe('a link of a domain that keeps its links to itself', () => {
  it.each(WAYS)('is for R as if there were none: %s', async (_name, ask) => {
    await aClaim(CLOSED);
    const { secretKey, metadataKey } = await tenants.share('D', 'owner', { ttl: '3600' });
    const answer = await ask(secretKey);
    await tenants.send('D', 'owner', 'POST', `/api/v1/private/${metadataKey}/burn`);
    const gone = await ask(secretKey);
    expect([answer.status, answer.body]).toEqual([gone.status, gone.body]);
  });

  it.each(WAYS)('opens on its own host after R was asked: %s', async (_name, ask) => {
    await aClaim(CLOSED);
    const { secretKey } = await tenants.share('D', 'owner');
    await ask(secretKey);
    const opened = await tenants.send('D', 'anonymous', 'POST', `/api/v1/secret/${secretKey}`);
    expect(opened.json()).toMatchObject({ value: 's3' });
  });

  it('counts no guess that is made on R', async () => {
    await aClaim(CLOSED);
    const options = { passphrase: 'right one', passphrase_attempts: '1' };
    const { secretKey } = await tenants.share('D', 'owner', options);
    const path = `/api/v1/secret/${secretKey}`;
    for (const passphrase of ['wrong one', 'right one'])
      expect((await tenants.send('R', 'anonymous', 'POST', path, { passphrase })).status).toBe(404);
    const opened = await tenants.send('D', 'anonymous', 'POST', path, { passphrase: 'right one' });
    expect(opened.json()).toMatchObject({ value: 's3' });
  });

  it('is in no list of states on R', async () => {
    await aClaim(CLOSED);
    const { secretKey } = await tenants.share('D', 'owner');
    const ask = async (identifiers: string) => {
      const answer = await tenants.call('R', 'owner', 'POST /api/v2/secret/status', {
        identifiers,
      });
      return answer.body.replaceAll(identifiers, 'KEY');
    };
    expect(await ask(secretKey)).toBe(await ask('0'.repeat(31)));
  });

  it('leaves the sender his receipt on R, which can burn it', async () => {
    await aClaim(CLOSED);
    const { metadataKey } = await tenants.share('D', 'owner');
    const shown = await tenants.send('R', 'owner', 'GET', `/api/v1/private/${metadataKey}`);
    expect(shown.json()).toMatchObject({ share_domain: HOSTS.D });
    const burned = await tenants.send('R', 'owner', 'POST', `/api/v1/private/${metadataKey}/burn`);
    expect(burned.status).toBe(200);
  });
});

describe('a link of a domain opens on R', () => {
  const open = async () => {
    const { secretKey } = await tenants.share('D', 'owner');
    const answer = await tenants.send('R', 'anonymous', 'POST', `/api/v1/secret/${secretKey}`);
    return answer.json()['value'];
  };

  it('when its owner has said nothing', async () => {
    await aClaim({});
    expect(await open()).toBe('s3');
  });

  it.each([
    ['is not proven', { ownership: 'pending' }],
    ['is removed', { removed: true }],
  ])('when the claim that says no %s', async (_name, change) => {
    await aClaim(CLOSED, change);
    expect(await open()).toBe('s3');
  });

  it('to one of many at once, on both hosts', async () => {
    await aClaim({});
    const { secretKey } = await tenants.share('D', 'owner');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        tenants.send(n % 2 === 0 ? 'R' : 'D', 'anonymous', 'POST', `/api/v1/secret/${secretKey}`),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
