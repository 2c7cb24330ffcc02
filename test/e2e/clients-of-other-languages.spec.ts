import {
  bytesOf,
  PUBLISHED_CLIENTS,
  type CallName,
  type ClientCall,
  type PublishedClient,
} from '../support/client-requests.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { rawExchange } from '../support/raw-exchange.js';

const EMAIL = 'sender@example.com';
const HOST = 'eu.onetime.localhost';
const KEY = expect.stringMatching(/^[0-9a-z]{31}$/);
const SECRET = 'grüße, 100% & more=\n"quoted" + plus';

let gateway: GatewayProcess;
let ca: string;
let auth: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  ca = gateway.target('eu').ca;
  ({ auth } = await gateway.account('eu', EMAIL));
});
afterAll(() => gateway.stop());

interface Parsed {
  readonly status: number;
  readonly json: unknown;
}

async function send(client: PublishedClient, end: string, call: ClientCall): Promise<Parsed> {
  const port = gateway.ports.https;
  const origin = { authority: `${HOST}:${port}`, auth };
  const bytes = bytesOf(client, `${client.base}${end}`, call, origin);
  const { status, headers, body } = await rawExchange({ host: HOST, port, ca }, bytes);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  return { status, json: JSON.parse(Buffer.from(body, 'latin1').toString()) as unknown };
}

/** What typed clients decode: whole numbers, booleans and lists. */
const METADATA = {
  metadata_key: KEY,
  ttl: 7200,
  metadata_ttl: expect.any(Number),
  created: expect.any(Number),
  updated: expect.any(Number),
  state: expect.stringMatching(/^(?:new|viewed|burned)$/),
  recipient: [],
};

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
}

describe.each(PUBLISHED_CLIENTS)('$name', (client) => {
  const has = (name: CallName): boolean => client.calls.includes(name);
  const custid = client.isAnonymous === true ? 'anon' : EMAIL;
  const post = (end: string, path: string, parameters: Record<string, string> = {}) =>
    send(client, end, { method: 'POST', path, parameters });

  async function share(end: string): Promise<Made> {
    const parameters = { secret: SECRET, passphrase: 'open-sesame', ttl: '7200', recipient: '' };
    const { status, json } = await post(end, '/share', parameters);
    expect([status, json]).toEqual([
      200,
      expect.objectContaining({
        ...METADATA,
        custid,
        secret_key: KEY,
        secret_ttl: expect.any(Number),
        passphrase_required: true,
      }),
    ]);
    return json as Made;
  }

  it.each(['', '/', '//'])('works with a base URL that ends in %j', async (end) => {
    if (has('status')) {
      const { json } = await send(client, end, { method: 'GET', path: '/status' });
      expect(json).toMatchObject({ status: 'nominal' });
    }
    const made = await share(end);
    if (has('generate')) {
      const { json } = await post(end, '/generate', { passphrase: '', ttl: '7200', recipient: '' });
      expect(json).toMatchObject({
        ...METADATA,
        custid,
        secret_key: KEY,
        value: expect.any(String),
      });
    }
    if (has('show')) {
      const { json } = await post(end, `/private/${made.metadata_key}`);
      expect(json).toMatchObject({ ...METADATA, state: 'new', secret_key: made.secret_key });
    }
    if (has('reveal')) await revealOnce(end, made);
    if (has('burn')) await burn(end, await share(end));
    if (has('recent')) {
      const { json } = await send(client, end, { method: 'GET', path: '/private/recent' });
      expect(json).toEqual(
        expect.arrayContaining([expect.objectContaining({ metadata_key: made.metadata_key })]),
      );
    }
  });

  async function revealOnce(end: string, { secret_key }: Made): Promise<void> {
    const path = `/secret/${secret_key}`;
    const wrong = await post(end, path, { passphrase: 'wrong' });
    expect(wrong).toEqual({ status: 404, json: { secret_key, message: 'Unknown secret' } });
    const right = await post(end, path, { secret_key, passphrase: 'open-sesame' });
    expect(right).toMatchObject({ status: 200, json: { value: SECRET, secret_key } });
    const again = await post(end, path, { passphrase: 'open-sesame' });
    expect(again).toEqual(wrong);
  }

  async function burn(end: string, { metadata_key, secret_key }: Made): Promise<void> {
    const path = `/private/${metadata_key}/burn`;
    const missing = await post(end, path);
    expect(missing).toMatchObject({
      status: 404,
      json: { message: 'Double check that passphrase' },
    });
    const burned = await post(end, path, { passphrase: 'open-sesame' });
    expect(burned).toMatchObject({
      status: 200,
      json: {
        state: { ...METADATA, state: 'burned', secret_key: '' },
        secret_shortkey: secret_key.slice(0, 6),
      },
    });
  }

  it.each(['', '/'])('gets its errors as JSON with a base URL that ends in %j', async (end) => {
    const { status, json } = await post(end, '/share', { secret: '' });
    expect([status, json]).toEqual([404, { message: 'You did not provide anything to share' }]);
    const unknown = await post(end, '/private/nosuchkey');
    expect(unknown.json).toEqual({ secret_key: 'nosuchkey', message: 'Unknown secret' });
  });
});

it('opens the link that a client makes from a base URL with a slash at the end', async () => {
  const target = { host: HOST, port: gateway.ports.https, ca };
  const client = PUBLISHED_CLIENTS[0] as PublishedClient;
  const { json } = await send(client, '', {
    method: 'POST',
    path: '/share',
    parameters: { secret: SECRET },
  });
  const { secret_key, metadata_key } = json as Made;
  for (const path of [
    `//secret/${secret_key}`,
    `//private/${metadata_key}`,
    `//receipt/${metadata_key}`,
  ]) {
    const text = `GET ${path} HTTP/1.1\r\nHost: ${HOST}:${gateway.ports.https}\r\n\r\n`;
    const { status, headers } = await rawExchange(target, text);
    expect([path, status, headers['content-type']]).toEqual([
      path,
      200,
      'text/html; charset=utf-8',
    ]);
  }
});
