import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type Server,
} from 'node:http';
import {
  connect,
  createServer as createHttp2Server,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2Server,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import fastify, { type FastifyInstance } from 'fastify';
import { BodyBudget } from '../../../src/region/body-budget.js';
import { BODY_LIMITS, type BodyLimits } from '../../../src/region/body-limits.js';
import { readBody, registerBodyParser } from '../../../src/region/request-body.js';
import { AppError } from '../../../src/shared/app-error.js';
import { until } from '../../support/until.js';

const KIB = 1024;
const STATUS: Readonly<Record<string, number>> = {
  busy: 503,
  request_timeout: 408,
  payload_too_large: 413,
  invalid_request: 400,
};
const SMALL: Partial<BodyLimits> = {
  bytesMax: 64 * KIB,
  bytesInAll: 128 * KIB,
  bytesKept: 0,
  bytesOfAddress: 64 * KIB,
  bytesOfNetwork: 96 * KIB,
  checkInterval: 20,
};

/** A Fastify with the product's body reader behind two real servers. `x-address` plays the client's network. */
class BodyServer {
  budget = new BodyBudget({ limitsNetworks: true });
  /** While set, answers wait for it: their bodies stay in memory. */
  gate: Promise<unknown> = Promise.resolve();
  guard: (request: IncomingMessage) => Promise<unknown> = () => Promise.resolve();
  /** Requests whose body could not be read. */
  failed = 0;
  readonly #app: FastifyInstance;
  readonly #plain: Server;
  readonly #http2: Http2Server;

  private constructor() {
    let handler: Parameters<typeof createServer>[1];
    this.#app = fastify({
      serverFactory: (handle) => {
        handler = handle as typeof handler;
        return createServer();
      },
    });
    registerBodyParser(this.#app);
    this.#app.setErrorHandler((error, _request, reply) => {
      const code = error instanceof AppError ? error.code : 'none';
      if (code === 'invalid_request') this.failed += 1;
      void reply.status(STATUS[code] ?? 500).send({ code });
    });
    this.#app.post('/', async (request, reply) => {
      const address = String(request.headers['x-address'] ?? '192.0.2.1');
      Object.assign(request, {
        client: { near: `${address}/32`, wide: null },
        network: `${address.replace(/\.\d+$/, '')}.0/24`,
      });
      await this.guard(request.raw);
      const body = await readBody(request, reply, this.budget);
      await this.gate;
      if (request.headers['x-fail'] !== undefined) throw new Error('the handler failed');
      return { bytes: body?.length, sum: body?.reduce((sum, byte) => sum + byte, 0) };
    });
    this.#plain = createServer((request, response) => handler?.(request, response));
    this.#http2 = createHttp2Server((request, response) =>
      handler?.(request as never, response as never),
    );
  }

  static async start(): Promise<BodyServer> {
    const server = new BodyServer();
    await server.#app.ready();
    for (const each of [server.#plain, server.#http2]) {
      each.listen(0, '127.0.0.1');
      await once(each, 'listening');
    }
    return server;
  }

  limit(limits: Partial<BodyLimits>): void {
    this.budget = new BodyBudget({ limits: { ...BODY_LIMITS, ...limits }, limitsNetworks: true });
  }

  get session(): ClientHttp2Session {
    const { port } = this.#http2.address() as AddressInfo;
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    return session;
  }

  get plainPort(): number {
    return (this.#plain.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#plain.closeAllConnections();
    this.#plain.close();
    this.#http2.close();
    await this.#app.close();
  }
}

/** One request that a test feeds, over either version. */
interface Upload {
  readonly answer: Promise<{ status: number; body: Record<string, unknown>; retryAfter?: string }>;
  write(bytes: Buffer): void;
  end(): void;
  abort(): void;
}

type Headers = Readonly<Record<string, string>>;

describe.each(['HTTP/1.1', 'HTTP/2'])('request bodies over %s', (version) => {
  let server: BodyServer;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    server = await BodyServer.start();
    session = server.session;
  });
  beforeEach(() => {
    server.limit(SMALL);
    server.gate = Promise.resolve();
    server.guard = () => Promise.resolve();
    server.failed = 0;
  });
  afterAll(async () => {
    session.destroy();
    await server.stop();
  });

  const upload = (headers: Headers = {}): Upload =>
    version === 'HTTP/2'
      ? overHttp2(session.request({ ':method': 'POST', ':path': '/', ...headers }))
      : overHttp1(
          httpRequest({ port: server.plainPort, host: '127.0.0.1', method: 'POST', headers }),
        );
  const send = (bytes: number, headers?: Headers): Upload['answer'] => {
    const one = upload(headers);
    one.write(Buffer.alloc(bytes, 1));
    one.end();
    return one.answer;
  };
  const allIsGivenBack = () =>
    until('the memory is given back', () => server.budget.count === 0 && server.budget.bytes === 0);

  it('arrive whole, in chunks of any size', async () => {
    const one = upload();
    for (let count = 0; count < 500; count += 1) one.write(Buffer.alloc(1 + (count % 97), 1));
    one.end();
    const { body } = await one.answer;
    expect(body['sum']).toBe(body['bytes']);
    expect((await send(40 * KIB)).body).toEqual({ bytes: 40 * KIB, sum: 40 * KIB });
    await allIsGivenBack();
  });

  it('are refused at once when one network has used up its share, and another is served', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.gate = promise;
    const first = send(50 * KIB);
    await until('it is in memory', () => server.budget.bytes >= 50 * KIB);
    const second = await send(50 * KIB);
    expect([second.status, second.body]).toEqual([503, { code: 'busy' }]);
    // Another address of the same network has what is left of the network's share.
    expect((await send(50 * KIB, { 'x-address': '192.0.2.77' })).status).toBe(503);
    const other = send(50 * KIB, { 'x-address': '198.51.100.1' });
    await until('it is in memory', () => server.budget.bytes >= 100 * KIB);
    // Now the process is full.
    expect((await send(50 * KIB, { 'x-address': '203.0.113.1' })).status).toBe(503);
    expect(server.budget.refused).toEqual({ all: 1, network: 2, late: 0 });
    resolve();
    expect([(await first).status, (await other).status]).toEqual([200, 200]);
    await allIsGivenBack();
    expect((await send(50 * KIB)).status).toBe(200);
  });

  it('give their memory back when the client leaves in the middle', async () => {
    const one = upload();
    one.answer.catch(() => undefined);
    one.write(Buffer.alloc(10 * KIB, 1));
    await until('it is in memory', () => server.budget.bytes >= 10 * KIB);
    one.abort();
    await allIsGivenBack();
  });

  it('give their memory back when the handler fails', async () => {
    expect((await send(10 * KIB, { 'x-fail': 'yes' })).status).toBe(500);
    await allIsGivenBack();
  });

  it('give their memory back when the client leaves before the answer', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.gate = promise;
    const one = upload();
    one.answer.catch(() => undefined);
    one.write(Buffer.alloc(10 * KIB, 1));
    one.end();
    await until('it is in memory', () => server.budget.bytes >= 10 * KIB);
    one.abort();
    await allIsGivenBack();
    resolve();
  });

  it('are not waited for when the client has left before anybody reads', async () => {
    let isReached = false;
    server.guard = (request) => {
      isReached = true;
      return new Promise((resolve) => request.once('close', resolve));
    };
    const one = upload();
    one.answer.catch(() => undefined);
    one.write(Buffer.alloc(KIB, 1));
    await until('the guards decide', () => isReached);
    one.abort();
    await until('the body is given up', () => server.failed === 1);
    await allIsGivenBack();
  });

  it('that trickle get 408 after the grace, and a normal client is served meanwhile', async () => {
    server.limit({ ...SMALL, grace: 300, bytesPerSecond: 100_000 });
    const one = upload();
    const trickle = setInterval(() => one.write(Buffer.from('x')), 20);
    const beside = await send(KIB, { 'x-address': '198.51.100.1' });
    expect(beside.status).toBe(200);
    const answer = await one.answer;
    clearInterval(trickle);
    expect([answer.status, answer.body]).toEqual([408, { code: 'request_timeout' }]);
    expect(server.budget.refused.late).toBe(1);
    await allIsGivenBack();
    expect((await send(KIB)).status).toBe(200);
  });

  it('get 408 after the deadline, at whatever rate', async () => {
    server.limit({ ...SMALL, deadline: 300 });
    const one = upload();
    const steady = setInterval(() => one.write(Buffer.alloc(100, 1)), 10);
    const answer = await one.answer;
    clearInterval(steady);
    expect(answer.status).toBe(408);
    await allIsGivenBack();
  });

  it('cost no more than their size, though each byte comes alone', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.gate = promise;
    const one = upload();
    for (let count = 0; count < 2000; count += 1) one.write(Buffer.from('x'));
    one.end();
    await until('all is there', () => server.budget.bytes > 0);
    expect(server.budget.bytes).toBeLessThanOrEqual(16 * KIB);
    resolve();
    expect((await one.answer).body['bytes']).toBe(2000);
  });

  it('above the limit get 413', async () => {
    const answer = await send(65 * KIB);
    expect([answer.status, answer.body]).toEqual([413, { code: 'payload_too_large' }]);
    await allIsGivenBack();
  });
});

function overHttp2(stream: ClientHttp2Stream): Upload {
  let status = 0;
  stream.on('error', () => undefined);
  stream.once('response', (headers) => (status = Number(headers[':status'])));
  return {
    // A reset after the answer may come without 'end', and without 'close' while Node still has bytes to write.
    answer: new Promise((resolve) => {
      let body = '';
      const done = (): void => resolve({ status, body: parsed(body) });
      stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      stream.once('end', done).once('close', done);
    }),
    write: (bytes) => void (stream.writable && stream.write(bytes)),
    end: () => stream.end(),
    abort: () => stream.close(8),
  };
}

function overHttp1(request: ClientRequest): Upload {
  const answer = new Promise<Awaited<Upload['answer']>>((resolve, reject) => {
    request.on('error', reject);
    request.once('response', (response) => {
      const status = response.statusCode ?? 0;
      text(response).then((body) => resolve({ status, body: parsed(body) }), reject);
    });
  });
  return {
    answer,
    write: (bytes) => void (request.destroyed || request.write(bytes)),
    end: () => void request.end(),
    abort: () => void request.destroy(),
  };
}

function parsed(body: string): Record<string, unknown> {
  return (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
}
