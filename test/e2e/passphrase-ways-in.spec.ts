import { BOUNDARY, multipart } from '../support/multipart-body.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer, Call } from '../support/https-client.js';
import { pressAsPerson } from '../support/person.js';

const OURS = { 'sec-fetch-site': 'same-origin' };
const FORM = { ...OURS, 'content-type': 'application/x-www-form-urlencoded' };

/** Typed when the secret was made, and typed on another keyboard. */
const SPELLINGS = [
  ['ﬁnd ①\u00a0é Å', 'find 1 e\u0301 \u212b'],
  ['Ｐａｓｓ　word', 'Pass word'],
  ['e\u0301cole\u2003ƒ', 'école ƒ'],
] as const;

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterAll(() => gateway.stop());

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
}

const post = (path: string, headers: Record<string, string>, body: string): Promise<Answer> =>
  gateway.call('eu', { method: 'POST', path, headers, body: Buffer.from(body) });
const eu = (call: Call): Promise<Answer> => gateway.call('eu', call);
const encoded = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const json = { 'content-type': 'application/json' };
const mixed = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };

async function madeBy(answer: Promise<Answer>): Promise<Made> {
  return (await answer).json<Made>();
}

/** Each way to make a secret with a passphrase. */
const MAKERS: Record<string, (passphrase: string) => Promise<Made>> = {
  'a form': (passphrase) =>
    madeBy(post('/api/v1/share', FORM, encoded({ secret: 'opened', passphrase }))),
  'a query': (passphrase) =>
    madeBy(post(`/api/v1/share?${encoded({ secret: 'opened', passphrase })}`, {}, '')),
  JSON: (passphrase) =>
    madeBy(post('/api/v1/share', json, JSON.stringify({ secret: 'opened', passphrase }))),
  multipart: (passphrase) =>
    madeBy(
      post(
        '/api/v1/share',
        mixed,
        multipart([
          ['secret', 'opened'],
          ['passphrase', passphrase],
        ]),
      ),
    ),
  'the page': async (passphrase) => {
    const created = await post('/', FORM, encoded({ secret: 'opened', passphrase, kind: 'share' }));
    const page = await gateway.call('eu', { path: String(created.headers.location) });
    const [, metadata_key = ''] = /\/receipt\/(\w{31})/.exec(page.text) ?? [];
    const [, secret_key = ''] = /\/secret\/(\w{31})/.exec(page.text) ?? [];
    return { secret_key, metadata_key };
  },
};

/** Each way to use it; the answer has `opened` or says that it is burned. */
const USERS: Record<string, (made: Made, passphrase: string) => Promise<Answer>> = {
  'a form': ({ secret_key }, passphrase) =>
    post(`/api/v1/secret/${secret_key}`, FORM, encoded({ passphrase })),
  JSON: ({ secret_key }, passphrase) =>
    post(`/api/v1/secret/${secret_key}`, json, JSON.stringify({ passphrase })),
  'the page': ({ secret_key }, passphrase) =>
    pressAsPerson(eu, { page: `/secret/${secret_key}`, fields: { passphrase } }),
  'the burn of the API': ({ metadata_key }, passphrase) =>
    post(`/api/v1/private/${metadata_key}/burn`, {}, encoded({ passphrase })),
  'the burn of the receipt': ({ metadata_key }, passphrase) =>
    pressAsPerson(eu, {
      page: `/receipt/${metadata_key}`,
      action: `/receipt/${metadata_key}/burn`,
      fields: { passphrase },
    }),
};

const PAIRS = Object.keys(MAKERS).flatMap((maker) =>
  Object.keys(USERS).map((user) => [maker, user] as const),
);

describe('a passphrase in another spelling of Unicode', () => {
  it.each(PAIRS.map((pair, index) => [...pair, index] as const))(
    'that was set by %s opens by %s',
    async (maker, user, index) => {
      const [first, second] = SPELLINGS[index % SPELLINGS.length] ?? SPELLINGS[0];
      const [set, typed] = index % 2 === 0 ? [first, second] : [second, first];
      const made = await MAKERS[maker]?.(set);
      if (made === undefined) throw new Error(maker);
      const wrong = await USERS[user]?.(made, `${typed}x`);
      expect(wrong?.text).not.toMatch(/opened<|"opened"|burned|It was deleted/);
      const right = await USERS[user]?.(made, typed);
      expect(right?.status).toBe(200);
      expect(right?.text).toMatch(/opened|burned|It was deleted/);
    },
  );
});
