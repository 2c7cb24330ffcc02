import { lookupOf } from '../../src/secrets/secret-key.js';
import { expireReceipt, expireSecret, query } from '../support/region-database.js';
import { outcomeOf, V1Caller, type Metadata } from '../support/v1-caller.js';
import { SENDER_EMAIL, v1Scene } from '../support/v1-scene.js';

const KEY = expect.stringMatching(/^[0-9a-z]{31}$/);

const scene = v1Scene();

/** The fields of every metadata answer: the classic names and the newer ones. */
function common(metadata: Metadata, changes: Readonly<Record<string, unknown>> = {}) {
  const url = `https://eu.onetime.localhost:${scene.gateway.ports.https}/receipt/${metadata.metadata_key}`;
  return {
    custid: 'anon',
    metadata_key: KEY,
    identifier: metadata.metadata_key,
    ttl: 3600,
    metadata_ttl: aboutSeconds(7200),
    receipt_ttl: metadata['metadata_ttl'],
    state: 'new',
    created: aboutNow(),
    updated: aboutNow(),
    recipient: [],
    recipients: [],
    share_domain: '',
    metadata_url: url,
    receipt_url: url,
    ...changes,
  };
}

/** The additional fields while the secret exists. */
function unread(metadata: Metadata, hasPassphrase = false) {
  return {
    secret_key: KEY,
    secret_identifier: metadata.secret_key,
    secret_ttl: aboutSeconds(3600),
    passphrase_required: hasPassphrase,
    has_passphrase: hasPassphrase,
  };
}

const GONE = { secret_key: '', secret_identifier: '', secret_ttl: null };

function aboutNow(): unknown {
  return integerBetween(Math.floor(Date.now() / 1000) - 60, Math.ceil(Date.now() / 1000) + 60);
}

/** Allows seconds to pass on a loaded machine, and none to be added. */
function aboutSeconds(seconds: number): unknown {
  return integerBetween(seconds - 60, seconds);
}

function integerBetween(least: number, most: number): unknown {
  return {
    asymmetricMatch: (value: unknown) =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    toString: () => `an integer from ${least} to ${most}`,
  };
}

describe('the answer to', () => {
  it('share', async () => {
    const shared = await scene.anonymous.share('hello', { ttl: 3600 });
    expect(shared).toEqual({ ...common(shared), ...unread(shared) });
    expect([shared['metadata_ttl'], shared['secret_ttl']]).toEqual([7200, 3600]);
    expect(shared.metadata_key).not.toBe(shared.secret_key);
  });

  it('create, the same as share', async () => {
    const answer = await scene.anonymous.post('/create', { secret: 'hello', ttl: 3600 });
    const created = answer.json<Metadata>();
    expect(created).toEqual({ ...common(created), ...unread(created) });
  });

  it('share with every parameter', async () => {
    const fields = { ttl: 3600, passphrase: 'open sesame', recipient: 'Foo.Bar@Example.com' };
    const shared = await scene.sender.share('hello', fields);
    const recipient = ['fo*****@e*****.com'];
    expect(shared).toEqual({
      ...common(shared, {
        custid: SENDER_EMAIL,
        recipient,
        recipients: recipient,
        email_sent: true,
      }),
      ...unread(shared, true),
    });
  });

  it('generate, with the value', async () => {
    const generated = await scene.anonymous.generate({ ttl: 3600 });
    const value = expect.stringMatching(/^[A-HJ-NP-Za-hjkmnp-z2-9]{12}$/);
    expect(generated).toEqual({
      ...common(generated),
      ...unread(generated),
      value,
      secret_value: generated['value'],
    });
  });

  it('a request to the bare domain has links to the host of its region', async () => {
    const bare = new V1Caller(scene.gateway, '');
    const { metadata_url, metadata_key, secret_key } = await bare.share('hello');
    const origin = `https://us.onetime.localhost:${scene.gateway.ports.https}`;
    expect(metadata_url).toBe(`${origin}/receipt/${metadata_key}`);
    const revealed = await new V1Caller(scene.gateway, 'us').reveal(secret_key);
    expect(revealed.json()).toMatchObject({ value: 'hello', share_domain: origin });
  });
});

describe('the state of a secret', () => {
  // The maker of a generated value has seen it in the answer that said `new`.
  it.each([
    ['share', 'new'],
    ['generate', 'viewed'],
  ])('%s: new, then %s at the first fetch, viewed, received', async (kind, state) => {
    const made =
      kind === 'share'
        ? await scene.sender.share('v', { ttl: 3600 })
        : await scene.sender.generate({ ttl: 3600 });
    expect(made.state).toBe('new');

    const first = await scene.sender.metadata(made.metadata_key);
    expect(first).toEqual({ ...common(made, { custid: SENDER_EMAIL, state }), ...unread(made) });
    for (let times = 0; times < 2; times += 1) {
      const later = await scene.sender.metadata(made.metadata_key);
      expect(later).toEqual({
        ...common(later, { custid: SENDER_EMAIL, state: 'viewed' }),
        ...unread(made),
      });
    }

    expect((await scene.anonymous.reveal(made.secret_key)).status).toBe(200);
    const last = await scene.sender.metadata(made.metadata_key);
    expect(last).toEqual({
      ...common(last, { custid: SENDER_EMAIL, state: 'received' }),
      received: aboutNow(),
    });
    expect(JSON.stringify(last)).not.toContain(made.secret_key);
  });

  it('burned, with nested metadata and six characters of the key', async () => {
    const made = await scene.anonymous.share('hello', { ttl: 3600 });
    const burned = (await scene.anonymous.burn(made.metadata_key)).json<{ state: Metadata }>();
    expect(burned).toEqual({
      state: { ...common(burned.state, { state: 'burned' }), ...GONE },
      secret_shortkey: made.secret_key.slice(0, 6),
    });
    const later = await scene.anonymous.metadata(made.metadata_key);
    expect(later).toEqual({ ...common(later, { state: 'burned' }), ...GONE });
    expect(outcomeOf(await scene.anonymous.burn(made.metadata_key))).toEqual([
      404,
      { secret_key: made.metadata_key, message: 'Unknown secret' },
    ]);
    expect((await scene.anonymous.reveal(made.secret_key)).status).toBe(404);
  });

  it('expired', async () => {
    const made = await scene.anonymous.share('hello', { ttl: 3600 });
    await expireSecret(scene.gateway, 'eu', made.secret_key);
    const later = await scene.anonymous.metadata(made.metadata_key);
    expect(later).toEqual({ ...common(later, { state: 'expired' }), ...GONE });
    expect((await scene.anonymous.burn(made.metadata_key)).status).toBe(404);
    expect((await scene.anonymous.metadata(made.metadata_key)).state).toBe('expired');
  });

  it('orphaned, when its row was deleted before it expired', async () => {
    const made = await scene.anonymous.share('hello', { ttl: 3600 });
    await query(scene.gateway, 'eu', {
      text: 'delete from secrets where lookup = $1',
      values: [lookupOf('secret', made.secret_key)],
    });
    const later = await scene.anonymous.metadata(made.metadata_key);
    expect(later).toEqual({ ...common(later, { state: 'orphaned' }), ...GONE });
  });

  it('gone, once the receipt has expired as well', async () => {
    const { metadata_key } = await scene.anonymous.share('hello', { ttl: 3600 });
    await expireReceipt(scene.gateway, 'eu', metadata_key);
    const unknown = [404, { secret_key: metadata_key, message: 'Unknown secret' }];
    expect(outcomeOf(await scene.anonymous.get(`/private/${metadata_key}`))).toEqual(unknown);
    expect(outcomeOf(await scene.anonymous.burn(metadata_key))).toEqual(unknown);
  });

  it('is shown to every holder of the metadata key, with the caller’s custid', async () => {
    const mine = await scene.sender.share('hello');
    const theirs = await scene.anonymous.share('hello');
    expect((await scene.anonymous.metadata(mine.metadata_key))['custid']).toBe('anon');
    expect((await scene.sender.metadata(theirs.metadata_key))['custid']).toBe(SENDER_EMAIL);
  });
});

describe('recent', () => {
  it('is an array of the account’s receipts, newest first, without secret keys', async () => {
    const account = await scene.gateway.account('eu', 'lister@example.com');
    const lister = new V1Caller(scene.gateway, 'eu', account);
    expect((await lister.get('/private/recent')).json()).toEqual([]);

    const received = await lister.share('1', { ttl: 3600 });
    await scene.anonymous.reveal(received.secret_key);
    const burned = await lister.share('2', { ttl: 3600 });
    await scene.anonymous.burn(burned.metadata_key);
    const fresh = await lister.share('3', { ttl: 3600, passphrase: 'open sesame' });
    await scene.sender.share('somebody else’s');
    await scene.anonymous.share('nobody’s');

    const answer = await lister.get('/private/recent');
    const list = answer.json<Metadata[]>();
    const custid = account.email;
    expect(list).toEqual([
      {
        ...common(fresh, { custid }),
        secret_ttl: null,
        metadata_ttl: aboutSeconds(7200),
        receipt_ttl: aboutSeconds(7200),
      },
      {
        ...common(burned, { custid, state: 'burned' }),
        secret_ttl: null,
        metadata_ttl: aboutSeconds(7200),
        receipt_ttl: aboutSeconds(7200),
      },
      {
        ...common(received, { custid, state: 'received' }),
        received: aboutNow(),
        metadata_ttl: aboutSeconds(7200),
        receipt_ttl: aboutSeconds(7200),
      },
    ]);
    expect(list.map(({ metadata_key }) => metadata_key)).toEqual(
      [fresh, burned, received].map(({ metadata_key }) => metadata_key),
    );
    for (const { secret_key } of [fresh, burned, received]) {
      expect(answer.text).not.toContain(secret_key);
    }
  });

  it('does not change the state of its receipts', async () => {
    const { metadata_key } = await scene.sender.share('hello');
    await scene.sender.get('/private/recent');
    expect((await scene.sender.metadata(metadata_key)).state).toBe('new');
  });
});
