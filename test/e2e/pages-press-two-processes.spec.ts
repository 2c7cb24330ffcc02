import { startGatewayPair, type GatewayPair } from '../support/gateway-pair.js';
import type { Answer } from '../support/https-client.js';

const HEADERS = { 'sec-fetch-site': 'same-origin' };
const SHOWN = 'Your secure message';

let pair: GatewayPair;

beforeAll(async () => {
  pair = await startGatewayPair();
  await pair.connect();
});

afterAll(() => pair.stop());

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
}

async function share(fields: Record<string, string> = {}): Promise<Made> {
  const body = { secret: 'hello', ...fields };
  const answer = await pair.call(0, { path: '/api/v1/share', body });
  return answer.json<Made>();
}

/** Loads a page; the result has the nonce of the form that posts to `action`. */
async function nonceAt(caller: number, path: string, action = path): Promise<string> {
  const { text } = await pair.call(caller, { path });
  const [, form = ''] = text.split(`action="${action}"`);
  const [, nonce] = /name="press" value="([^"]+)"/.exec(form) ?? [];
  if (nonce === undefined) throw new Error(`no nonce at ${path}`);
  return nonce;
}

const press = (caller: number, path: string, nonce: string, fields = {}): Promise<Answer> =>
  pair.call(caller, { path, headers: HEADERS, body: { press: nonce, confirm: 'on', ...fields } });

async function count(): Promise<number> {
  const [row] = await pair.rows<{ count: number }>('select count(*)::int as count from secrets');
  return row?.count ?? -1;
}

/** What two answers for the same page may differ in. */
function comparable({ status, headers, text }: Answer) {
  const { date: _date, 'x-request-id': _id, ...rest } = headers;
  return { status, headers: rest, text };
}

describe('one press of a page', () => {
  it('gets one answer from the process that it reached, however often it is sent', async () => {
    const { secret_key } = await share();
    const path = `/secret/${secret_key}`;
    const nonce = await nonceAt(1, path);
    const answers = await Promise.all(Array.from({ length: 8 }, () => press(0, path, nonce)));
    answers.push(await press(0, path, nonce));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.text).toContain(SHOWN);
    expect(answers[0]?.headers['clear-site-data']).toBe('"cache"');
  });

  it('learns from the other process that it has opened the message', async () => {
    const { secret_key } = await share();
    const path = `/secret/${secret_key}`;
    const nonce = await nonceAt(0, path);
    expect((await press(0, path, nonce)).text).toContain(SHOWN);
    const other = await press(1, path, nonce);
    expect([other.status, other.headers['clear-site-data']]).toEqual([409, undefined]);
    expect(other.text).toContain('Your press has opened the message');
    // Another page of the same link gets what everybody gets.
    const [second, never] = [`/secret/${secret_key}`, `/secret/${'0'.repeat(31)}`];
    const gone = [await press(1, second, ''), await press(1, never, '')];
    expect(gone.map(({ text }) => text.includes('There is no message here'))).toEqual([true, true]);
    expect(comparable(gone[0] as Answer)).toEqual(comparable(gone[1] as Answer));
  });

  it.each(['', 'right'])(
    'loses none of 50 messages without a word, when it reaches both processes at once (passphrase %j)',
    async (passphrase) => {
      for (let times = 0; times < 50; times += 1) {
        const { secret_key } = await share({ passphrase, passphrase_attempts: passphrase && '1' });
        const path = `/secret/${secret_key}`;
        const nonce = await nonceAt(0, path);
        const send = (caller: number) => press(caller, path, nonce, { passphrase });
        const answers = await Promise.all([send(0), send(1)]);
        expect(answers.filter(({ text }) => text.includes(SHOWN))).toHaveLength(1);
        const [other] = answers.filter(({ text }) => !text.includes(SHOWN));
        expect([other?.status, other?.text]).toEqual([
          409,
          expect.stringContaining('Your press has opened the message'),
        ]);
      }
    },
  );

  it('makes one link, and says so in the other process', async () => {
    for (let times = 0; times < 50; times += 1) {
      const nonce = await nonceAt(0, '/');
      const typed = `typed in press ${times}`;
      const send = (caller: number) => press(caller, '/', nonce, { secret: typed, kind: 'share' });
      const before = await count();
      const answers = await Promise.all([send(0), send(1)]);
      expect((await count()) - before).toBe(1);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
      const told = answers.find(({ status }) => status === 409)?.text ?? '';
      expect(told).toContain('the first press has made your link');
      expect(told).toContain(typed);
    }
  });

  it('counts as one guess when it is wrong, and both processes say that it did not open', async () => {
    for (let times = 0; times < 10; times += 1) {
      const { secret_key } = await share({ passphrase: 'right', passphrase_attempts: '2' });
      const path = `/secret/${secret_key}`;
      const nonce = await nonceAt(0, path);
      const send = (caller: number) => press(caller, path, nonce, { passphrase: 'wrong' });
      for (const { status, text } of await Promise.all([send(0), send(1)])) {
        expect(status).toBe(400);
        expect(text).toContain('That did not open');
      }
      // The second guess is the right one.
      const again = await nonceAt(1, path);
      expect((await press(1, path, again, { passphrase: 'right' })).text).toContain(SHOWN);
    }
  });

  it('deletes the message once, and both processes show that it is deleted', async () => {
    for (let times = 0; times < 10; times += 1) {
      const { metadata_key } = await share({ passphrase: 'right' });
      const [page, path] = [`/receipt/${metadata_key}`, `/receipt/${metadata_key}/burn`];
      const nonce = await nonceAt(0, page, path);
      const send = (caller: number) => press(caller, path, nonce, { passphrase: 'right' });
      for (const { status, text } of await Promise.all([send(0), send(1)])) {
        expect(status).toBe(200);
        expect(text).toContain('It was deleted before anybody opened it');
      }
    }
  });

  it('shows a generated password in one process, and says so in the other', async () => {
    const made = await pair.call(0, { path: '/api/v1/generate', body: {} });
    const { metadata_key, value } = made.json<Made & { value: string }>();
    const [page, path] = [`/receipt/${metadata_key}`, `/receipt/${metadata_key}/value`];
    const nonce = await nonceAt(0, page, path);
    const answers = await Promise.all([press(0, path, nonce), press(1, path, nonce)]);
    expect(answers.filter(({ text }) => text.includes(value))).toHaveLength(1);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  it('leaves nothing of a message, a key or a passphrase in the database', async () => {
    const rows = await pair.rows<{ mark: Buffer; outcome: string }>(
      'select mark, outcome from presses',
    );
    expect(new Set(rows.map(({ mark }) => mark.length))).toEqual(new Set([16]));
    const outcomes = new Set(rows.map(({ outcome }) => outcome));
    expect([...outcomes].toSorted()).toEqual(['burned', 'created', 'opened', 'refused', 'shown']);
  });

  it('is a new press after ten seconds', async () => {
    const nonce = await nonceAt(0, '/');
    const send = (caller: number) => press(caller, '/', nonce, { secret: 'again', kind: 'share' });
    expect((await send(0)).status).toBe(303);
    await pair.query(`update presses set at = at - interval '10 seconds'`);
    expect((await send(1)).status).toBe(303);
  });
});

describe('the presses of several pages', () => {
  it('show the message on one page of twenty, over two processes', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { secret_key } = await share();
      const path = `/secret/${secret_key}`;
      const callers = Array.from({ length: 20 }, (_, caller) => caller);
      const nonces = await Promise.all(callers.map((caller) => nonceAt(caller, path)));
      expect(new Set(nonces).size).toBe(20);
      // Each page is pressed twice, the second time at once.
      const answers = await Promise.all(
        callers.flatMap((caller) => {
          const nonce = nonces[caller] ?? '';
          return [press(caller, path, nonce), press(caller, path, nonce)];
        }),
      );
      const shownTo = answers.flatMap(({ text }, index) =>
        text.includes(SHOWN) ? [Math.floor(index / 2)] : [],
      );
      expect([shownTo.length, new Set(shownTo).size]).toEqual([2, 1]);
      const texts = answers.filter(({ text }) => !text.includes(SHOWN)).map(({ text }) => text);
      expect(new Set(texts).size).toBe(1);
    }
  });

  it('do not take the answer of another form, key or host', async () => {
    const [one, two] = [await share(), await share()];
    const path = `/secret/${one.secret_key}`;
    const nonce = await nonceAt(0, path);
    expect((await press(0, path, nonce)).text).toContain(SHOWN);
    const others = [`/receipt/${two.metadata_key}/burn`, `/secret/${two.secret_key}`];
    for (const other of others) {
      const { status, text } = await press(0, other, nonce);
      expect([status, text]).toEqual([400, expect.stringContaining('Press the button once more')]);
    }
    const fresh = await nonceAt(1, `/secret/${two.secret_key}`);
    expect((await press(1, `/secret/${two.secret_key}`, fresh)).text).toContain(SHOWN);
  });

  it('burn once', async () => {
    const { metadata_key } = await share();
    const [page, path] = [`/receipt/${metadata_key}`, `/receipt/${metadata_key}/burn`];
    const [first, second] = [await nonceAt(0, page, path), await nonceAt(1, page, path)];
    const answers = [await press(0, path, first), await press(0, path, first)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await press(1, path, second)).status).toBe(409);
  });
});
