import { startGatewayPair, type GatewayPair } from '../support/gateway-pair.js';
import type { Answer } from '../support/https-client.js';

const PASSPHRASE = 'open sesame';
const NEVER = '0'.repeat(31);

let pair: GatewayPair;
let networks = 0;
beforeAll(async () => {
  pair = await startGatewayPair({
    GATEWAY_LIMITS: 'on',
    // The tests come from many networks, by X-Forwarded-For.
    GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    GATEWAY_LIMIT_CREATE: '12/600',
  });
});
afterAll(() => pair.stop());

/** A network that no test had before. */
function newNetwork(): string {
  networks += 1;
  return `198.51.100.${networks}`;
}

function from(network: string, process: number, path: string, body: Record<string, string>) {
  const headers = { 'x-forwarded-for': network };
  return pair.call(process, { path: `/api/v1${path}`, method: 'POST', body, headers });
}

/** The status that the answer stands for: v1 sends 404 for most. */
const meaningOf = ({ status, headers }: Answer) =>
  Number(headers['x-ots-intended-status'] ?? status);

async function newSecret(): Promise<string> {
  const body = { secret: 'a message', passphrase: PASSPHRASE };
  const made = await from(newNetwork(), 0, '/share', body);
  return made.json<{ secret_key: string }>().secret_key;
}

/** Guesses in turn at the two processes. */
async function guess(network: string, key: string, passphrases: string[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [index, passphrase] of passphrases.entries())
    answers.push(await from(network, index, `/secret/${key}`, { passphrase }));
  return answers;
}

const wrong = (count: number) => Array.from({ length: count }, (_, index) => `wrong ${index}`);

describe('limits of two processes on one database', () => {
  it('count the creates of a network together, at once', async () => {
    const network = newNetwork();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, caller) =>
        from(network, caller, '/share', { secret: 'a message' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12);
    const refused = answers.filter((answer) => meaningOf(answer) === 429);
    expect(refused).toHaveLength(18);
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('let a script make ten links in a row', async () => {
    const network = newNetwork();
    for (let count = 0; count < 10; count += 1) {
      const answer = await from(network, count, '/share', { secret: 'a message' });
      expect(answer.status).toBe(200);
    }
  });

  it('refuse a network the right passphrase after five wrong ones, and no other network', async () => {
    const key = await newSecret();
    const [guesser, recipient] = [newNetwork(), newNetwork()];
    const answers = await guess(guesser, key, [...wrong(5), PASSPHRASE, PASSPHRASE]);
    expect(answers.map(meaningOf)).toEqual([404, 404, 404, 404, 404, 429, 429]);
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(500);
    const [opened] = await guess(recipient, key, [PASSPHRASE]);
    expect(opened?.json()).toMatchObject({ value: 'a message' });
  });

  it('keep one try for a network that never guessed, while many networks attack at once', async () => {
    const key = await newSecret();
    const attackers = Array.from({ length: 8 }, newNetwork);
    const attack = await Promise.all(attackers.map((network) => guess(network, key, wrong(6))));
    const tried = attack.flat().filter((answer) => meaningOf(answer) === 404);
    // Twenty of them all, and one of each network beyond.
    expect(tried.length).toBeLessThanOrEqual(20 + attackers.length);
    const late = newNetwork();
    expect((await guess(late, key, wrong(2))).map(meaningOf)).toEqual([404, 429]);
    const [opened] = await guess(newNetwork(), key, [PASSPHRASE]);
    expect(opened?.json()).toMatchObject({ value: 'a message' });
  });

  it('answer guesses at a secret that never existed as they answer wrong ones', async () => {
    const shapes = async (key: string) => {
      // In one process: those that do not exist are counted in its memory.
      const network = newNetwork();
      const answers: Answer[] = [];
      for (const passphrase of wrong(7))
        answers.push(await from(network, 0, `/secret/${key}`, { passphrase }));
      return answers.map(({ status, text, headers }) => ({
        status,
        text: text.replaceAll(key, 'KEY'),
        headers: Object.keys(headers).toSorted(),
        meaning: headers['x-ots-intended-status'],
      }));
    };
    expect(await shapes(NEVER)).toEqual(await shapes(await newSecret()));
  });

  it('hold in a process that saw none of it, as after a restart', async () => {
    const network = newNetwork();
    const key = await newSecret();
    for (const passphrase of wrong(5)) await from(network, 1, `/secret/${key}`, { passphrase });
    for (let count = 0; count < 12; count += 1)
      await from(network, 1, '/share', { secret: 'a message' });
    const opened = await from(network, 0, `/secret/${key}`, { passphrase: PASSPHRASE });
    const made = await from(network, 0, '/share', { secret: 'a message' });
    expect([meaningOf(opened), meaningOf(made)]).toEqual([429, 429]);
  });
});
