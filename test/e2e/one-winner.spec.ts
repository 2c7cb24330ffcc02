import { lookupOf } from '../../src/secrets/secret-key.js';
import { startGatewayPair, type GatewayPair } from '../support/gateway-pair.js';
import type { Answer, Call } from '../support/https-client.js';
import { confirmedIn } from '../support/person.js';
import { until } from '../support/until.js';
import type { Fields, Metadata } from '../support/v1-caller.js';

const CALLERS = 50;
const ROUNDS = 6;
const FROM_OUR_PAGE = { 'sec-fetch-site': 'same-origin' };

let pair: GatewayPair;

beforeAll(async () => {
  pair = await startGatewayPair();
});

afterAll(() => pair.stop());

/** Makes a secret through the first process; the other one has not seen it. */
async function share(fields: Fields = {}, path = '/api/v1/share'): Promise<Metadata> {
  const answer = await pair.call(0, { path, body: { secret: 'canary', ...fields } });
  return answer.json<Metadata>();
}

const JSON_BODY = { 'content-type': 'application/json' };

/** A request of API v2 with a JSON body. */
function v2(path: string, body: object): Call {
  return { method: 'POST', path: `/api/v2${path}`, headers: JSON_BODY, body: JSON.stringify(body) };
}

/** The same as share(), by API v2. */
async function conceal(): Promise<Metadata> {
  const answer = await pair.call(0, v2('/secret/conceal', { secret: { secret: 'canary' } }));
  const { record } = answer.json<{ record: Record<'receipt' | 'secret', { key: string }> }>();
  return { secret_key: record.secret.key, metadata_key: record.receipt.key, state: 'new' };
}

async function stateOf({ metadata_key }: Metadata): Promise<string> {
  const answer = await pair.call(1, { path: `/api/v1/private/${metadata_key}` });
  return answer.json<Metadata>().state;
}

const reveal = ({ secret_key }: Metadata): Call => ({
  method: 'POST',
  path: `/api/v1/secret/${secret_key}`,
});

const CONFIRMED = { continue: true };

/** A press of the button in a page that is loaded now. */
async function personsPress(page: string, form = ''): Promise<Call> {
  const { text } = await pair.call(0, { path: page });
  const path = `${page}${form}`;
  return { method: 'POST', path, headers: FROM_OUR_PAGE, body: confirmedIn(text, path) };
}

type Ending = Call & { readonly wins: 'received' | 'burned' };

/** Every request that ends a secret, aliases and pages included, with the state that it leads to. */
const ENDINGS: readonly ((made: Metadata) => Ending | Promise<Ending>)[] = [
  (made) => ({ ...reveal(made), wins: 'received' }),
  async ({ secret_key }) => ({
    ...(await personsPress(`/secret/${secret_key}`)),
    wins: 'received',
  }),
  ({ metadata_key }) => ({
    method: 'POST',
    path: `/api/v1/private/${metadata_key}/burn`,
    wins: 'burned',
  }),
  ({ metadata_key }) => ({
    method: 'POST',
    path: `/api/v1/metadata/${metadata_key}/burn`,
    wins: 'burned',
  }),
  ({ metadata_key }) => ({
    method: 'POST',
    path: `/api/v1/receipt/${metadata_key}/burn`,
    wins: 'burned',
  }),
  async ({ metadata_key }) => ({
    ...(await personsPress(`/receipt/${metadata_key}`, '/burn')),
    wins: 'burned',
  }),
  ({ secret_key }) => ({ ...v2(`/secret/${secret_key}/reveal`, CONFIRMED), wins: 'received' }),
  ({ secret_key }) => ({
    ...v2(`/guest/secret/${secret_key}/reveal`, CONFIRMED),
    wins: 'received',
  }),
  ({ metadata_key }) => ({ ...v2(`/receipt/${metadata_key}/burn`, CONFIRMED), wins: 'burned' }),
  ({ metadata_key }) => ({ ...v2(`/private/${metadata_key}/burn`, CONFIRMED), wins: 'burned' }),
  ({ metadata_key }) => ({
    ...v2(`/guest/receipt/${metadata_key}/burn`, CONFIRMED),
    wins: 'burned',
  }),
];

/** All callers at once, on connections that are open already. */
async function race<Result>(attempt: (caller: number) => Promise<Result>): Promise<Result[]> {
  await pair.connect();
  return Promise.all(Array.from({ length: CALLERS }, (_, caller) => attempt(caller)));
}

const hasWon = ({ status }: Answer): boolean => status === 200;
const hasValue = ({ text }: Answer): boolean => text.includes('canary');

describe('50 callers of two processes', () => {
  it('reveal a secret: exactly one of them gets it', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const made = await share();
      const answers = await race((caller) => pair.call(caller, reveal(made)));
      expect(answers.filter(hasValue)).toHaveLength(1);
      expect(answers.filter(hasWon)).toHaveLength(1);
      expect(new Set(answers.filter((answer) => !hasWon(answer)).map(({ text }) => text))).toEqual(
        new Set([JSON.stringify({ secret_key: made.secret_key, message: 'Unknown secret' })]),
      );
      expect(await stateOf(made)).toBe('received');
    }
  });

  it('reveal and burn it by every route: exactly one of them wins, and the receipt has that state', async () => {
    for (let round = 0; round < ENDINGS.length; round += 1) {
      const made = await (round % 2 === 0 ? share() : conceal());
      // Callers use all routes in turn, and each route is used on both processes.
      const endings: Ending[] = [];
      for (let caller = 0; caller < CALLERS; caller += 1) {
        const ending = ENDINGS[(round + Math.floor(caller / 2)) % ENDINGS.length];
        if (ending === undefined) throw new Error('no such ending');
        endings.push(await ending(made));
      }
      const answers = await race(async (caller) => {
        const { wins, ...request } = endings[caller] as Ending;
        return { wins, answer: await pair.call(caller, request) };
      });
      const winners = answers.filter(({ answer }) => hasWon(answer));
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ answer }) => hasValue(answer))).toHaveLength(
        winners[0]?.wins === 'received' ? 1 : 0,
      );
      expect(await stateOf(made)).toBe(winners[0]?.wins);
    }
  });

  it('reveal it with its passphrase: exactly one of them gets it, and a busy answer consumes nothing', async () => {
    const passphrase = 'open sesame';
    for (let round = 0; round < 2; round += 1) {
      const made = await share({ passphrase });
      let busy = 0;
      const answers = await race((caller) =>
        until('an answer', async () => {
          const answer = await pair.call(caller, { ...reveal(made), body: { passphrase } });
          if (answer.status !== 503) return answer;
          busy += 1;
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
          return null;
        }),
      );
      // One network cannot fill the queue of a process: some callers were told to retry.
      expect(busy).toBeGreaterThan(0);
      expect(answers.filter(hasValue)).toHaveLength(1);
      expect(answers.filter(hasWon)).toHaveLength(1);
    }
  });

  it('fetch a generated value for its creator: exactly one of them gets it, and the secret stays', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const made = await share({}, '/api/v1/generate');
      const page = {
        method: 'POST',
        path: `/receipt/${made.metadata_key}/value`,
        headers: FROM_OUR_PAGE,
      };
      const api = { path: `/api/v2/receipt/${made.metadata_key}` };
      const answers = await race((caller) => pair.call(caller, caller % 4 < 2 ? page : api));
      expect(answers.filter(({ text }) => text.includes(String(made['value'])))).toHaveLength(1);
      expect((await pair.call(1, reveal(made))).json()).toMatchObject({ value: made['value'] });
    }
  });

  it('reveal it while it expires: at most one gets it, and the receipt has that state', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const made = await share();
      const expire = `update secrets set expires_at = now() where lookup = $1`;
      const answers = await race((caller) =>
        caller === round
          ? pair.query(expire, [lookupOf('secret', made.secret_key)]).then(() => null)
          : pair.call(caller, reveal(made)),
      );
      const winners = answers.filter((answer) => answer !== null && hasWon(answer));
      expect(winners.length).toBeLessThanOrEqual(1);
      expect(await stateOf(made)).toBe(winners.length === 1 ? 'received' : 'expired');
    }
  });
});

// The last test: it kills one of the two processes.
describe('a process that is killed while 50 callers reveal', () => {
  it('never gives a value a second time', async () => {
    const secrets = await Promise.all(Array.from({ length: 10 }, () => share()));
    const [killed] = pair.processes;
    const kills: Promise<unknown>[] = [];
    const answers = await race(async (caller) => {
      const got: string[] = [];
      // Callers differ in their order, so every secret is requested at any time.
      for (const offset of secrets.keys()) {
        const made = secrets[(caller + offset) % secrets.length] as Metadata;
        const answer = await pair.call(caller, reveal(made)).catch(() => null);
        if (answer === null || !hasWon(answer)) continue;
        got.push(made.secret_key);
        if (kills.length === 0) kills.push(killed.end('SIGKILL'));
      }
      return got;
    });
    expect(await Promise.all(kills)).toEqual([null]);

    for (const made of secrets) {
      const later = await pair.call(1, reveal(made));
      const before = answers.flat().filter((key) => key === made.secret_key).length;
      expect(before + (hasWon(later) ? 1 : 0)).toBeLessThanOrEqual(1);
      // A value that no caller got was sent on a lost connection, or was revealed by the later call.
      expect(await stateOf(made)).toBe('received');
    }
  });
});
