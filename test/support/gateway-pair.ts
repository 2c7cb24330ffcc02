import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import { Client } from 'pg';
import { GatewayProcess } from './gateway-process.js';
import type { Answer, Call } from './https-client.js';
import { temporaryServer } from './temporary-server.js';

const CONNECTIONS = 50;

/** Two gateway processes that serve `eu` from one PostgreSQL. */
export interface GatewayPair {
  readonly processes: readonly [GatewayProcess, GatewayProcess];
  /** A request over a keep-alive connection. Even callers use the first process, odd callers the second. */
  call(caller: number, request: Call): Promise<Answer>;
  /** Opens one connection for each caller, so that later calls start at the same time. */
  connect(): Promise<void>;
  query(text: string, values?: unknown[]): Promise<void>;
  rows<Row extends object>(text: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/** @param extra environment of both */
export async function startGatewayPair(
  extra: Readonly<Record<string, string>> = {},
): Promise<GatewayPair> {
  const database = temporaryServer();
  const server = await database.start();
  const environment = {
    GATEWAY_SERVE_REGIONS: 'eu',
    GATEWAY_DATABASE_URL_EU: server.urlOf('eu'),
    GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
    ...extra,
  };
  const start = (): Promise<GatewayProcess> => GatewayProcess.start({ environment });
  // Started together, so that both run the migrations at the same time.
  const processes = await Promise.all([start(), start()]);
  const agents = processes.map(() => new Agent({ keepAlive: true, maxSockets: CONNECTIONS }));
  const sql = new Client({ connectionString: server.urlOf('eu') });
  await sql.connect();

  const call = (caller: number, request: Call): Promise<Answer> => {
    const index = caller % 2 === 0 ? 0 : 1;
    const agent = agents[index];
    return processes[index].call('eu', { ...request, ...(agent === undefined ? {} : { agent }) });
  };
  const allCallers = Array.from({ length: CONNECTIONS }, (_, caller) => caller);
  return {
    processes,
    call,
    connect: async () => {
      await Promise.all(allCallers.map((caller) => call(caller, { path: '/api/v1/status' })));
    },
    query: async (text, values = []) => {
      await sql.query(text, values);
    },
    rows: async <Row extends object>(text: string) => (await sql.query<Row>(text)).rows,
    stop: async () => {
      for (const agent of agents) agent.destroy();
      await Promise.all(processes.map((gateway) => gateway.stop()));
      await sql.end();
      await server.stop();
      database.remove();
    },
  };
}
