import { once } from 'node:events';
import { Agent as PlainAgent, request, type IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayProcess } from './gateway-process.js';
import { Http2Client } from './http2-client.js';

const EU = 'eu.onetime.localhost';
const STATUS = { path: '/api/v1/status' };
const SECRET = 'shared in a restart';

/** In milliseconds, between the requests of a caller: the new worker needs the processor too. */
const PAUSE = 10;

interface Load {
  /** Resolves to how many requests of each kind were answered, and what failed. */
  end(): Promise<{ answers: Readonly<Record<string, number>>; failures: string[] }>;
}

/** Sends requests until it is told to end: one after the other, and eight at once on each of two HTTP/2 connections. */
export function restartLoad(gateway: GatewayProcess): Load {
  const failures: string[] = [];
  const answers: Record<string, number> = {};
  let isEnding = false;
  const repeat = async (kind: string, send: () => Promise<number>, expected = 200) => {
    const count = (status: number): void => {
      if (status === expected) answers[kind] = (answers[kind] ?? 0) + 1;
      else failures.push(`${kind}: ${status}`);
    };
    const note = (error: unknown): void => void failures.push(`${kind}: ${String(error)}`);
    while (!isEnding) {
      await send().then(count, note);
      await delay(PAUSE);
    }
  };
  const agent = new Agent({ keepAlive: true });
  const plainAgent = new PlainAgent({ keepAlive: true });
  const sessions = [new SharedSession(gateway), new SharedSession(gateway)];
  const all = [
    repeat('new', async () => (await gateway.call('eu', STATUS)).status),
    repeat('new', async () => (await gateway.call('us', STATUS)).status),
    repeat('kept', async () => (await gateway.call('eu', { ...STATUS, agent })).status),
    repeat('share and reveal', () => shareAndReveal(gateway)),
    // The HTTP port refuses the API, and with that it answers.
    ...[1, 2, 3].map(() => repeat('plain', () => plainStatus(gateway, false), 403)),
    repeat('plain kept', () => plainStatus(gateway, plainAgent), 403),
    ...sessions.flatMap((session) =>
      Array.from({ length: 8 }, () => repeat('HTTP/2', () => session.status())),
    ),
  ];
  return {
    end: async () => {
      isEnding = true;
      await Promise.all(all);
      agent.destroy();
      plainAgent.destroy();
      for (const session of sessions) session.close();
      return { answers, failures };
    },
  };
}

/** The status of a share, or of the reveal behind it; 0: it gave another secret. */
async function shareAndReveal(gateway: GatewayProcess): Promise<number> {
  const shared = await gateway.call('eu', { path: '/api/v1/share', body: { secret: SECRET } });
  if (shared.status !== 200) return shared.status;
  const { secret_key: key } = shared.json<{ secret_key: string }>();
  const opened = await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
  if (opened.status !== 200) return opened.status;
  return opened.json<{ value?: string }>().value === SECRET ? 200 : 0;
}

/** On the HTTP port. `false` opens a new connection. */
async function plainStatus({ ports }: GatewayProcess, agent: PlainAgent | false): Promise<number> {
  const options = { host: '127.0.0.1', port: ports.http, ...STATUS, agent, headers: { host: EU } };
  const sent = request(options).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}

/** An HTTP/2 connection for several requests at once. A new one takes its place when the server ends it. */
class SharedSession {
  #client: Promise<Http2Client> | null = null;

  constructor(private readonly gateway: GatewayProcess) {}

  /**
   * Again where the server says that it was not processed, as clients do (RFC 9113 section 8.7): a caller may send between
   * the acknowledgement of the PING and the GOAWAY.
   */
  async status(): Promise<number> {
    const client = await this.#open();
    try {
      return (await client.request({ ':path': STATUS.path, ':authority': EU })).status;
    } catch (error) {
      if (client.isOpen || !String(error).includes('NGHTTP2_REFUSED_STREAM')) throw error;
      return this.status();
    }
  }

  close(): void {
    void this.#client?.then((client) => client.close());
  }

  async #open(): Promise<Http2Client> {
    const last = this.#client;
    const client = await last;
    if (client?.isOpen) return client;
    if (this.#client === last) this.#client = Http2Client.connect(this.gateway.target(EU));
    return this.#open();
  }
}
