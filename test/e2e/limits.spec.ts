import { AnswerSchemas } from '../support/answer-schemas.js';
import { DOCUMENT, documentedOperations } from '../support/documented-operations.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer, Call } from '../support/https-client.js';

const CITIZEN = { message: 'Apologies dear citizen! You have been rate limited.' };

let gateway: GatewayProcess;
let account: { readonly auth: string };
let addresses = 0;

beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: {
      GATEWAY_LIMITS: 'on',
      GATEWAY_LIMIT_CREATE: '12/600',
      GATEWAY_LIMIT_CREATE_WIDE: '15/600',
      // Windows in which a slow machine sends so many requests.
      GATEWAY_LIMIT_REQUESTS: '60/600',
      GATEWAY_LIMIT_SIGN_IN: '4/600',
      GATEWAY_LIMIT_DOMAIN_CHANGES: '2/600',
      GATEWAY_LIMIT_ACCOUNT_CHANGES: '2/600',
      GATEWAY_LIMIT_TRANSFER_CODES: '1/3600',
      GATEWAY_LIMIT_DOCS: '3/600',
      // The tests come from many networks, by X-Forwarded-For.
      GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  account = await gateway.account('eu', 'owner@example.com', 'identity_plus');
});

afterAll(() => gateway.stop());

/** An address that no test had before. */
function newAddress(): string {
  addresses += 1;
  return `198.51.100.${addresses}`;
}

function from(address: string, request: Call): Promise<Answer> {
  const headers = { ...request.headers, 'x-forwarded-for': address };
  return gateway.call('eu', { ...request, headers });
}

const share = (address: string) =>
  from(address, { path: '/api/v1/share', method: 'POST', body: { secret: 'hello' } });

const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status);

async function repeat(count: number, act: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await act());
  return answers;
}

it('says what is left, then refuses in the words that published clients know', async () => {
  const address = newAddress();
  const [first] = await repeat(12, () => share(address));
  expect(first?.status).toBe(200);
  expect(first?.headers).toMatchObject({
    'ratelimit-policy': '"create";q=12;w=600',
    ratelimit: '"create";r=11;t=600',
  });
  const refused = await share(address);
  expect([refused.status, refused.json()]).toEqual([404, CITIZEN]);
  expect(refused.headers['x-ots-intended-status']).toBe('429');
  expectDocumented('v1Share', refused);
  expect(refused.headers['ratelimit']).toMatch(/^"create";r=0;t=\d+$/);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500);
  expect((await share(newAddress())).status).toBe(200);
});

it('counts the networks of an IPv6 /48 together', async () => {
  const statuses: number[] = [];
  for (let index = 0; index < 16; index += 1)
    statuses.push((await share(`2001:db8:7:${index}::1`)).status);
  expect(statuses).toEqual([...Array.from({ length: 15 }, () => 200), 404]);
  expect((await share('2001:db8:8::1')).status).toBe(200);
});

it('answers a page with 429, Retry-After and a sentence', async () => {
  const address = newAddress();
  await repeat(12, () => share(address));
  const page = await from(address, {
    path: '/',
    method: 'POST',
    body: { secret: 'hello' },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(page.status).toBe(429);
  expect(Number(page.headers['retry-after'])).toBeGreaterThan(0);
  expect(page.text).toContain('There were too many requests from your network');
});

it('gives a form back that was refused before its body was read', async () => {
  const address = newAddress();
  const form = (headers: Record<string, string>, auth = account.auth) =>
    from(address, { path: '/', method: 'POST', body: { secret: 'typed here' }, headers, auth });
  const foreign = await form({ 'sec-fetch-site': 'cross-site' });
  const unknown = await form({ 'sec-fetch-site': 'same-origin' }, 'owner@example.com:wrong');
  await repeat(58, () => from(address, { path: '/' }));
  const limited = await form({ 'sec-fetch-site': 'same-origin' });
  expect(statusesOf([foreign, unknown, limited])).toEqual([403, 401, 429]);
  for (const { text } of [foreign, unknown, limited])
    expect(text).toContain('typed here</textarea>');
});

it('counts an account by itself, not by its network', async () => {
  const address = newAddress();
  await repeat(13, () => share(address));
  const request = { path: '/api/v1/share', body: { secret: 'hello' }, auth: account.auth };
  const answer = await from(address, request);
  expect(answer.status).toBe(200);
  expect(answer.headers['ratelimit']).toMatch(/^"create-account";r=59\d\d;/);
});

/** A refusal is one that the document has for the operation. */
function expectDocumented(id: string, answer: Answer | undefined): void {
  const operation = documentedOperations().find((each) => each.id === id)!;
  expect(new AnswerSchemas(DOCUMENT).faultOf(operation, answer!)).toBeNull();
}

it('answers the domain API with 429 and retry_after', async () => {
  const claim = () =>
    from(newAddress(), { path: '/api/domains', method: 'POST', body: '{}', auth: account.auth });
  const answers = await repeat(3, claim);
  expect(statusesOf(answers).slice(0, 2)).not.toContain(429);
  expect(answers[2]?.status).toBe(429);
  expect(answers[2]?.json()).toMatchObject({
    error_type: 'LimitExceeded',
    retry_after: Number(answers[2]?.headers['retry-after']),
  });
  expectDocumented('claimDomain', answers[2]);
});

it('counts guesses at the codes of domains by account, from whatever network', async () => {
  const { auth } = await gateway.account('eu', 'guesser@example.com', 'identity_plus');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ code: 'eu-0000-0000-0000-0000' });
  const guess = () =>
    from(newAddress(), { method: 'POST', path: '/api/domains/transfers', auth, headers, body });
  const answers = await repeat(2, guess);
  expect(statusesOf(answers)).toEqual([422, 429]);
  expect(answers[1]?.headers['ratelimit-policy']).toContain('"transfer-codes";q=1;w=3600');
  expectDocumented('acceptDomain', answers[1] as Answer);
});

it('counts the document and its page together, whoever asks', async () => {
  const address = newAddress();
  const page = await from(address, { path: '/api/docs' });
  const [file = ''] = /\/api\/docs\/docs\.css\?v=[\w-]+/.exec(page.text) ?? [];
  const answers = [
    page,
    await from(address, { path: file }),
    await from(address, { path: '/api/openapi.json', auth: account.auth }),
    await from(address, { path: '/api/openapi.json' }),
  ];
  expect(statusesOf(answers)).toEqual([200, 200, 200, 429]);
  expectDocumented('getOpenApiDocument', answers[3]);
});

it('answers changes of an account with 429, wherever they come from', async () => {
  const change = () =>
    from(newAddress(), { path: '/api/account/tokens', method: 'POST', auth: account.auth });
  expect(statusesOf(await repeat(3, change))).toEqual([422, 422, 429]);
});

describe('API v2', () => {
  const v2 = (address: string, path: string, body: object) =>
    from(address, {
      path: `/api/v2${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('answers with 429, retry_after and the attempts', async () => {
    const address = newAddress();
    const answers = await repeat(13, () => v2(address, '/secret/generate', {}));
    expect(statusesOf(answers)).toEqual([...Array.from({ length: 12 }, () => 200), 429]);
    expect(answers.at(-1)?.json()).toMatchObject({
      error_type: 'LimitExceeded',
      retry_after: Number(answers.at(-1)?.headers['retry-after']),
      attempts: 13,
      max_attempts: 12,
    });
    expectDocumented('v2GenerateSecret', answers.at(-1));
  });

  it('counts a guest with credentials by the network', async () => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': newAddress() };
    const request = { path: '/api/v2/guest/secret/generate', body: '{}', headers };
    const answer = await gateway.call('eu', { ...request, auth: account.auth });
    expect(answer.headers['ratelimit']).toMatch(/^"create";r=11;/);
  });

  it('refuses guesses alike, whether there is a secret or not, and the right one too', async () => {
    const made = await v2(newAddress(), '/secret/conceal', {
      secret: { secret: 'hello', passphrase: 'open sesame' },
    });
    const { record } = made.json<{ record: { secret: { key: string } } }>();
    const refusals: unknown[] = [];
    for (const key of [record.secret.key, '0'.repeat(31)]) {
      const address = newAddress();
      const guess = (passphrase: string) =>
        v2(address, `/secret/${key}/reveal`, { continue: true, passphrase });
      // Not looked at, so not counted.
      await repeat(6, () => v2(address, `/secret/${key}/reveal`, { passphrase: 'wrong' }));
      const wrong = await repeat(5, () => guess('wrong'));
      expect(statusesOf(wrong)).toEqual([404, 404, 404, 404, 404]);
      const refused = await guess('open sesame');
      expect(refused.status).toBe(429);
      const { retry_after: seconds, request_id: _, ...body } = refused.json();
      expect(Math.abs(Number(seconds) - 600)).toBeLessThan(30);
      refusals.push(body);
    }
    expect(refusals[0]).toEqual(refusals[1]);
    expect(refusals[0]).toMatchObject({
      error_type: 'LimitExceeded',
      attempts: 5,
      max_attempts: 5,
    });
  });
});

it('refuses any request of a network that asks too much, but never its status', async () => {
  const address = newAddress();
  const form = () => from(address, { path: '/' });
  expect(new Set(statusesOf(await repeat(60, form)))).toEqual(new Set([200]));
  expect((await form()).status).toBe(429);
  const status = await from(address, { path: '/api/v1/status' });
  expect(status.status).toBe(200);
  const signedIn = await from(address, { path: '/api/v1/status', auth: account.auth });
  expect(signedIn.status).toBe(200);
  expect((await gateway.ops('/readyz')).status).toBe(200);
});

it('refuses a network that fails to sign in, and never one that has signed in', async () => {
  const [guesser, office] = [newAddress(), newAddress()];
  const check = (address: string, auth: string) =>
    from(address, { path: '/api/v1/authcheck', auth });
  expect((await check(office, account.auth)).status).toBe(200);
  for (const address of [guesser, office])
    await repeat(4, () => check(address, 'owner@example.com:wrong'));
  await check(guesser, account.auth.replace('owner', 'other'));
  const refused = await check(guesser, account.auth.replace('owner', 'other'));
  expect(refused.headers['x-ots-intended-status']).toBe('429');
  expect((await check(office, account.auth)).status).toBe(200);
});

it('keeps the counts of creates over a restart', async () => {
  const { dataDir } = gateway;
  const address = newAddress();
  const environment = { GATEWAY_LIMITS: 'on', GATEWAY_TRUSTED_PROXIES: '127.0.0.1' };
  await repeat(13, () => share(address));
  await gateway.end();
  const again = await GatewayProcess.start({
    dataDir,
    environment: { ...environment, GATEWAY_LIMIT_CREATE: '12/600' },
  });
  try {
    const headers = { 'x-forwarded-for': address };
    const answer = await again.call('eu', {
      path: '/api/v1/share',
      body: { secret: 'hello' },
      headers,
    });
    expect(answer.headers['x-ots-intended-status']).toBe('429');
  } finally {
    await again.stop();
  }
});
