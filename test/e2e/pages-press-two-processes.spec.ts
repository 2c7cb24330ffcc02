import { startGatewayPair, type GatewayPair } from '../support/gateway-pair.js';
import type { Answer } from '../support/https-client.js';

const HEADERS = { 'sec-fetch-site': 'same-origin' };
const SHOWN = 'Your secure message';

let pair: GatewayPair;

beforeAll(async () => {
  pair = await startGatewayPair();
  await pair.connect();
}, 120_000);

afterAll(() => pair.stop());

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
}

async function share(): Promise<Made> {
  const answer = await pair.call(0, { path: '/api/v1/share', body: { secret: 'hello' } });
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

const press = (caller: number, path: string, nonce: string): Promise<Answer> =>
  pair.call(caller, { path, headers: HEADERS, body: { press: nonce } });

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

  it('gets from the other process what everybody gets', async () => {
    const { secret_key } = await share();
    const path = `/secret/${secret_key}`;
    const nonce = await nonceAt(0, path);
    expect((await press(0, path, nonce)).text).toContain(SHOWN);
    const other = await press(1, path, nonce);
    const never = await press(1, `/secret/${'0'.repeat(31)}`, '');
    expect(comparable(other)).toEqual(comparable(never));
    expect(other.text).toContain('pressed a button twice');
  });

  it('shows the message once when it reaches both processes at the same time', async () => {
    for (let times = 0; times < 10; times += 1) {
      const { secret_key } = await share();
      const path = `/secret/${secret_key}`;
      const nonce = await nonceAt(0, path);
      const answers = await Promise.all([press(0, path, nonce), press(1, path, nonce)]);
      expect(answers.filter(({ text }) => text.includes(SHOWN))).toHaveLength(1);
    }
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
    const burn = await press(0, `/receipt/${two.metadata_key}/burn`, nonce);
    expect(burn.text).toContain('It was deleted');
    expect((await press(0, `/secret/${two.secret_key}`, nonce)).status).toBe(404);
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
