import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, Server, type AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { attachHandlers } from '../../../src/gateway/handler-guard.js';
import { listen, listenHttp, type Listening } from '../../../src/gateway/listen.js';
import { readToEnd } from '../../support/tls-client.js';
import { LARGE_BYTES } from './tls-test-listener.js';

const VARIABLES = { bind: 'GATEWAY_BIND', port: 'GATEWAY_HTTPS_PORT' };

/** What a kernel without IPv6 answers, as with the boot parameter `ipv6.disable=1`. */
class ServerWithoutIpv6 extends Server {
  override listen(...words: unknown[]): this {
    const [options] = words as [{ readonly host: string }];
    if (!options.host.includes(':')) return super.listen(...(words as []));
    const error = Object.assign(new Error('no IPv6'), { code: 'EAFNOSUPPORT' });
    process.nextTick(() => this.emit('error', error));
    return this;
  }
}

describe('a listener', () => {
  let listening: Listening | null = null;
  afterEach(async () => {
    await listening?.stopAccepting();
    listening = null;
  });

  /** The address of the socket, and as what a client comes that connects to `host`. */
  async function reached(server: Server, addresses: readonly string[], host: string) {
    listening = await listen(server, { addresses, port: 0, variables: VARIABLES });
    server.on('connection', (socket) => socket.end(String(socket.remoteAddress)));
    const client = connect({ host, port: listening.port });
    const [seen] = (await once(client, 'data')) as [Buffer];
    client.destroy();
    return [(server.address() as AddressInfo).address, seen.toString()];
  }

  it.each([
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['::1', '::1'],
  ])('on `::` alone takes connections to %s', async (host, client) => {
    expect(await reached(new Server(), ['::'], host)).toEqual(['::', client]);
  });

  it('on `::` alone takes those of IPv4 where the machine has no IPv6', async () => {
    const found = await reached(new ServerWithoutIpv6(), ['::'], '127.0.0.1');
    expect(found).toEqual(['0.0.0.0', '127.0.0.1']);
  });

  it.each([[['::1']], [['::', '127.0.0.1']]])(
    'names the variable where the machine has no IPv6 and it asks for %j',
    async (addresses) => {
      const refused = listen(new ServerWithoutIpv6(), { addresses, port: 0, variables: VARIABLES });
      await expect(refused).rejects.toThrow(/GATEWAY_BIND.*not an address of this machine/);
    },
  );
});

it('a listener in clear sends an answer to its last byte before it closes the connection', async () => {
  const server = createServer();
  const journal = { acceptFailed: () => undefined, handlerFailed: () => undefined };
  const request = (_request: IncomingMessage, response: ServerResponse): void => {
    response.end(Buffer.alloc(LARGE_BYTES));
  };
  attachHandlers(server, { request }, { name: 'http', journal });
  const listening = await listenHttp(server, {
    addresses: ['127.0.0.1'],
    port: 0,
    variables: VARIABLES,
  });
  const client = connect(listening.port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [part] = (await once(client, 'data')) as [Buffer];
  client.pause();
  const closed = listening.close();
  const rest = readToEnd(client);
  client.resume();
  expect(part.length + (await rest).length).toBeGreaterThan(LARGE_BYTES);
  await closed;
});

/** As libuv calls it: in the place of a connection, the error. */
function failToAccept(server: Server): void {
  const { _handle: handle } = server as unknown as {
    readonly _handle: { readonly onconnection: (error: number) => void };
  };
  handle.onconnection(-constants.errno.ENOBUFS);
}

it('a listener goes on when the system has no memory for a connection, and says so', async () => {
  const failures: unknown[] = [];
  const journal = {
    acceptFailed: (name: string, error: unknown) => failures.push([name, error]),
    handlerFailed: () => undefined,
  };
  const server = createServer();
  const request = (_request: IncomingMessage, response: ServerResponse): void => {
    response.end('served');
  };
  attachHandlers(server, { request }, { name: 'http', journal });
  const listening = await listenHttp(server, {
    addresses: ['127.0.0.1', '127.0.0.2'],
    port: 0,
    variables: VARIABLES,
  });
  for (const each of listening.servers) failToAccept(each);
  const expected = ['http', expect.objectContaining({ code: 'ENOBUFS', syscall: 'accept' })];
  expect(failures).toEqual([expected, expected]);
  for (const host of ['127.0.0.1', '127.0.0.2']) {
    const client = connect(listening.port, host);
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect((await readToEnd(client)).toString()).toContain('served');
  }
  await listening.close();
});
