import { GatewayProcess } from '../support/gateway-process.js';
import { outcomeOf, V1Caller, type Fields, type Metadata } from '../support/v1-caller.js';

const DAY = 86_400;

let gateway: GatewayProcess;
const callers: Record<string, V1Caller> = {};

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  callers['anonymous'] = new V1Caller(gateway, 'eu');
  for (const plan of ['basic', 'identity_plus']) {
    const account = await gateway.account('eu', `${plan}@example.com`, plan);
    callers[plan] = new V1Caller(gateway, 'eu', account);
  }
});

afterAll(() => gateway.stop());

function caller(plan: string): V1Caller {
  const found = callers[plan];
  if (found === undefined) throw new Error(`no caller on ${plan}`);
  return found;
}

/** v1's answer to a failed validation. */
async function expectRefusal(who: V1Caller, fields: Fields, message: string): Promise<void> {
  for (const path of ['/share', '/create']) {
    const answer = await who.post(path, fields);
    expect(outcomeOf(answer)).toEqual([404, { message }]);
    expect(answer.headers['x-ots-intended-status']).toBe('400');
  }
}

describe('the time to live', () => {
  it.each([
    ['0', 7 * DAY],
    ['0.0', 7 * DAY],
    ['', 7 * DAY],
    [' ', 7 * DAY],
    ['-1', 60],
    ['-99999999', 60],
    ['abc', 60],
    ['3600s', 60],
    ['NaN', 60],
    ['Infinity', 60],
    ['1', 60],
    ['59.9', 60],
    ['60', 60],
    ['61', 61],
    ['3600', 3600],
    ['3600.9', 3600],
    ['9'.repeat(30), 7 * DAY],
    ['2147483648', 7 * DAY],
  ])('%j is granted as %d seconds', async (ttl, granted) => {
    const shared = await caller('anonymous').share('hello', { ttl });
    expect([shared['ttl'], shared['secret_ttl'], shared['metadata_ttl']]).toEqual([
      granted,
      granted,
      2 * granted,
    ]);
    expect((await caller('anonymous').generate({ ttl }))['ttl']).toBe(granted);
  });

  it.each([
    ['anonymous', 7 * DAY],
    ['basic', 14 * DAY],
    ['identity_plus', 30 * DAY],
  ])('of %s is at most %d seconds, and 7 days by default', async (plan, ceiling) => {
    const ttlOf = async (fields: Fields) => (await caller(plan).share('hello', fields))['ttl'];
    expect(await ttlOf({ ttl: ceiling })).toBe(ceiling);
    expect(await ttlOf({ ttl: ceiling + 1 })).toBe(ceiling);
    expect(await ttlOf({})).toBe(7 * DAY);
  });

  it.each([
    [0, 7 * DAY],
    ['0', 7 * DAY],
    ['', 7 * DAY],
    [-5, 60],
    [0.5, 60],
    [true, 60],
    ['x', 60],
    [120, 120],
    [null, 7 * DAY],
  ])('in JSON, %j is granted as %d seconds', async (ttl, granted) => {
    const answer = await caller('anonymous').send({
      path: '/share',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ secret: 'hello', ttl })),
    });
    expect(outcomeOf(answer)).toMatchObject([200, { ttl: granted }]);
  });
});

describe('the value', () => {
  it.each([{}, { secret: '' }, { ttl: 60, passphrase: 'open sesame' }])(
    'is required: %j',
    (fields) => expectRefusal(caller('anonymous'), fields, 'You did not provide anything to share'),
  );

  it.each([
    ['anonymous', 10_000],
    ['basic', 10_000],
    ['identity_plus', 100_000],
  ])('of %s has up to %d bytes, and is never truncated', async (plan, bytes) => {
    const value = `ü${'x'.repeat(bytes - 2)}`;
    const { secret_key } = await caller(plan).share(value);
    expect((await caller('anonymous').reveal(secret_key)).json()).toMatchObject({ value });
    const message = `Secret value exceeds the maximum size of ${bytes} bytes`;
    await expectRefusal(caller(plan), { secret: `${value}x` }, message);
  });

  it('over 1 MiB gets a 413 in JSON', async () => {
    const answer = await caller('identity_plus').send({
      path: '/share',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(`secret=${'x'.repeat(1_100_000)}`),
    });
    expect(answer.status).toBe(413);
    expect(answer.json()).toEqual({ message: expect.any(String) });
  });
});

describe('the passphrase', () => {
  it('has 4 to 128 characters', async () => {
    const { reveal, share, refuse } = {
      reveal: (key: string, passphrase: string) => caller('anonymous').reveal(key, { passphrase }),
      share: (passphrase: string) => caller('anonymous').share('hello', { passphrase }),
      refuse: (passphrase: string, text: string) =>
        expectRefusal(caller('anonymous'), { secret: 'hello', passphrase }, text),
    };
    for (const passphrase of ['1234', 'pässwörd', '😀😀😀😀', 'x'.repeat(128), ' 1 2 ']) {
      const { secret_key } = await share(passphrase);
      expect((await reveal(secret_key, passphrase)).status).toBe(200);
    }
    await refuse('123', 'Passphrase must be at least 4 characters long');
    await refuse('x'.repeat(129), 'Passphrase must be no more than 128 characters long');
  });

  it('is not trimmed', async () => {
    const { secret_key } = await caller('anonymous').share('hello', { passphrase: ' word ' });
    expect((await caller('anonymous').reveal(secret_key, { passphrase: 'word' })).status).toBe(404);
    expect((await caller('anonymous').reveal(secret_key, { passphrase: ' word ' })).status).toBe(
      200,
    );
  });

  it('consumes nothing when it is wrong or missing', async () => {
    const anonymous = caller('anonymous');
    const { secret_key, metadata_key } = await anonymous.share('hello', {
      passphrase: 'open sesame',
    });
    for (const fields of [
      {},
      { passphrase: '' },
      { passphrase: 'wrong' },
      { passphrase: 'x'.repeat(5000) },
    ]) {
      expect(outcomeOf(await anonymous.reveal(secret_key, fields))).toEqual([
        404,
        { secret_key, message: 'Unknown secret' },
      ]);
      const burned = await anonymous.burn(metadata_key, fields);
      expect(outcomeOf(burned)).toEqual([404, { message: 'Double check that passphrase' }]);
      expect(burned.headers['x-ots-intended-status']).toBe('400');
    }
    expect((await anonymous.metadata(metadata_key)).state).toBe('new');
    const revealed = await anonymous.reveal(secret_key, { passphrase: 'open sesame' });
    expect(revealed.json()).toMatchObject({ value: 'hello' });
  });

  it('burns when it is right, and is ignored for a secret without one', async () => {
    const locked = await caller('anonymous').share('hello', { passphrase: 'open sesame' });
    expect(
      (await caller('anonymous').burn(locked.metadata_key, { passphrase: 'open sesame' })).status,
    ).toBe(200);
    const open = await caller('anonymous').share('hello');
    expect(
      (await caller('anonymous').reveal(open.secret_key, { passphrase: 'whatever' })).status,
    ).toBe(200);
  });
});

describe('the recipient', () => {
  it('needs an account', () =>
    expectRefusal(
      caller('anonymous'),
      { secret: 'hello', recipient: 'somebody@example.com' },
      'An account is required to send emails.',
    ));

  it('must be an e-mail address', () =>
    expectRefusal(
      caller('basic'),
      { secret: 'hello', recipient: 'nobody' },
      'Undeliverable email address: nobody',
    ));

  it.each([
    ['Foo.Bar@Example.com', 'fo*****@e*****.com'],
    ['a@b.co.uk', 'a*****@b*****.uk'],
  ])('%s is masked as %s', async (recipient, masked) => {
    const shared = await caller('basic').share('hello', { recipient });
    const later = await caller('anonymous').metadata(shared.metadata_key);
    for (const metadata of [shared, later]) {
      expect([metadata['recipient'], metadata['recipients']]).toEqual([[masked], [masked]]);
    }
  });
});

describe('the share domain', () => {
  it('is ignored when it is blank, no host name, or the region’s own', async () => {
    const names = [
      '',
      '  ',
      'not a name',
      'localhost',
      '1.2.3.4',
      'eu.onetime.localhost',
      'EU.Onetime.Localhost.',
    ];
    for (const share_domain of names) {
      expect((await caller('basic').share('hello', { share_domain }))['share_domain']).toBe('');
    }
  });

  it.each(['anonymous', 'basic', 'identity_plus'])(
    'must be a domain of the account: %s',
    async (plan) => {
      const message = 'You do not have permission to use domain: secrets.example.com';
      await expectRefusal(
        caller(plan),
        { secret: 'hello', share_domain: 'secrets.example.com' },
        message,
      );
      await expectRefusal(
        caller(plan),
        { secret: 'hello', share_domain: 'Secrets.Example.com.' },
        message,
      );
    },
  );
});

describe('a generated value', () => {
  const valueOf = async (fields: Fields) =>
    String((await caller('anonymous').generate(fields))['value']);

  it('has the requested length, up to 128', async () => {
    expect(await valueOf({ length: 128 })).toHaveLength(128);
    expect(await valueOf({ length: 1 })).toHaveLength(1);
    const refused = await caller('anonymous').post('/generate', { length: 129 });
    expect(outcomeOf(refused)).toEqual([
      404,
      { message: 'Generated password length must be no more than 128 characters' },
    ]);
    expect(refused.headers['x-ots-intended-status']).toBe('400');
  });

  it('has the requested characters, and no ambiguous ones', async () => {
    expect(await valueOf({ length: 128 })).toMatch(/^[A-HJ-NP-Za-hjkmnp-z2-9]+$/);
    const digits = { 'character_sets[uppercase]': 'false', 'character_sets[lowercase]': 'false' };
    expect(await valueOf({ length: 128, ...digits })).toMatch(/^[2-9]+$/);
    expect(await valueOf({ length: 128, 'character_sets[symbols]': 'true' })).toMatch(
      /[^A-Za-z0-9]/,
    );
  });

  it('takes a passphrase, a ttl and a recipient like a shared value', async () => {
    const fields = { ttl: 120, passphrase: 'open sesame', recipient: 'somebody@example.com' };
    const generated: Metadata = await caller('basic').generate(fields);
    expect(generated).toMatchObject({
      ttl: 120,
      passphrase_required: true,
      recipient: ['so*****@e*****.com'],
    });
    expect((await caller('anonymous').reveal(generated.secret_key)).status).toBe(404);
  });
});
