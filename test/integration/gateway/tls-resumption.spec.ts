import { once } from 'node:events';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { renewalWorks } from '../../../src/certificates/contexts/renewal-check.js';
import {
  newTicketSecret,
  TICKET_KEY_PERIOD,
  TICKET_LIFETIME,
  TicketKeys,
  type TicketKey,
} from '../../../src/certificates/tickets/ticket-keys.js';
import { askByOpenssl, sessionByOpenssl } from '../../support/openssl-client.js';
import { handshake } from '../../support/tls-client.js';
import { EU, openTestListener, US, type TestListener } from './tls-test-listener.js';

const VERSIONS = ['-tls1_2', '-tls1_3'];
/** Without Node's private call, then with it: a server that has begun to renew tickets goes on. */
const WAYS = [false, true].flatMap((renews) => VERSIONS.map((version) => ({ version, renews })));

let now = 0;
/** Two processes of a region, and one of another. */
let [first, second, elsewhere]: TestListener[] = [];
const fileOf = (name: string): string => join(first!.test.directory, name);

beforeAll(async () => {
  const keysOf = () => new TicketKeys(() => now);
  first = await openTestListener({}, {}, keysOf());
  second = await openTestListener({}, {}, keysOf());
  elsewhere = await openTestListener({}, {}, keysOf());
});
afterAll(async () => {
  for (const each of [first, second, elsewhere]) await each?.stop();
});

/** A key that seals during the period of that number. */
function keyOf(period: number): TicketKey {
  const sealsFrom = period * TICKET_KEY_PERIOD;
  const sealsUntil = sealsFrom + TICKET_KEY_PERIOD;
  const opensUntil = sealsUntil + TICKET_LIFETIME;
  return { secret: newTicketSecret(), sealsFrom, sealsUntil, opensUntil };
}

describe.each(WAYS)('session tickets ($version, renewed: $renews)', ({ version, renews }) => {
  const visit = (listener: TestListener | undefined, name: string, ...words: string[]) =>
    sessionByOpenssl(listener!.port, name, [version, ...words]);
  let keys: TicketKey[];
  let session: string;

  beforeEach(async () => {
    now = 0;
    keys = [keyOf(0), keyOf(1), keyOf(2)];
    for (const listener of [first!, second!]) listener.servers.tickets.share(keys.slice(0, 2));
    elsewhere!.servers.tickets.share([keyOf(0)]);
    for (const each of [first!, second!, elsewhere!]) each.servers.renewsTickets = renews;
    session = fileOf(`session${version}${renews}`);
    expect(await visit(first, EU, '-sess_out', session)).toBe('New');
  });

  it('resume under their own name, in every process of the region', async () => {
    const output = await askByOpenssl(first!.port, EU, [version, '-sess_in', session]);
    expect(output).toContain('\nReused, TLSv1');
    expect(output).toContain(`sni=${EU}`);
    expect(await visit(second, EU, '-sess_in', session)).toBe('Reused');
  });

  it('resume under no other name', async () => {
    const output = await askByOpenssl(first!.port, US, [version, '-sess_in', session]);
    expect(output).toContain('\nNew, TLSv1');
    expect(output).toContain(`sni=${US}`);
    expect(await visit(second, US, '-sess_in', session)).toBe('New');
  });

  it('do not resume in another region', async () => {
    expect(await visit(elsewhere, EU, '-sess_in', session)).toBe('New');
  });

  it('give nothing under an unknown name', async () => {
    const words = [version, '-sess_in', session];
    expect(await askByOpenssl(first!.port, 'elsewhere.example', words)).not.toContain('sni=');
  });

  it('of the key before are opened as long as they live, if they can be, and by no process later', async () => {
    now = TICKET_KEY_PERIOD;
    const expected = renews ? 'Reused' : 'New';
    expect(await visit(second, EU, '-sess_in', session)).toBe(expected);
    now = TICKET_KEY_PERIOD + TICKET_LIFETIME;
    expect(await visit(second, EU, '-sess_in', session)).toBe('New');
  });

  it('of a process that uses the next key first are opened by the others', async () => {
    now = TICKET_KEY_PERIOD;
    const next = fileOf(`next${version}${renews}`);
    expect(await visit(second, EU, '-sess_out', next)).toBe('New');
    now = TICKET_KEY_PERIOD - 1;
    const expected = renews ? 'Reused' : 'New';
    expect(await visit(first, EU, '-sess_in', next)).toBe(expected);
  });
});

it('counts new and resumed handshakes', async () => {
  const counted = async (): Promise<string[]> =>
    (await first!.metrics()).match(/^gateway_handshakes_total\{.*/gm) ?? [];
  expect(await counted()).toEqual([
    expect.stringMatching(/\{session="new"\} [1-9]/),
    expect.stringMatching(/\{session="resumed"\} [1-9]/),
  ]);
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a client that uses each ticket once resumes every time but the first (%s)',
  async (version) => {
    expect(await renewalWorks()).toBe(true);
    first!.servers.renewsTickets = true;
    let session: Buffer | undefined;
    let resumed = 0;
    for (let visits = 0; visits < 100; visits++) {
      const socket = await handshake(first!.port, {
        ca: first!.ca,
        servername: EU,
        minVersion: version,
        maxVersion: version,
        ...(session !== undefined && { session }),
      });
      session = undefined;
      socket.on('session', (ticket) => (session = ticket));
      socket.write(`GET / HTTP/1.1\r\nHost: ${EU}\r\nConnection: close\r\n\r\n`);
      socket.resume();
      if (socket.isSessionReused()) resumed += 1;
      if (version === 'TLSv1.2') session = socket.getSession();
      await once(socket, 'close');
    }
    expect(resumed).toBe(99);
  },
);

describe('TlsListener: TLS 1.2', () => {
  let gateway: TestListener;
  beforeAll(async () => {
    gateway = await openTestListener();
  });
  afterAll(() => gateway.stop());

  const connect = (options: ConnectionOptions) =>
    handshake(gateway.port, { ca: gateway.ca, servername: EU, maxVersion: 'TLSv1.2', ...options });

  it.each(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'])(
    'has the AEAD suite %s',
    async (ciphers) => {
      const socket = await connect({ ciphers });
      expect(socket.getCipher().name).toBe(ciphers);
      socket.destroy();
    },
  );

  it.each(['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES128-GCM-SHA256'])(
    'has no suite %s',
    async (ciphers) => {
      await expect(connect({ ciphers })).rejects.toThrow();
    },
  );
});
