import { GatewayProcess } from '../demo/gateway-process.js';
import { HOST } from './benchmark-context.js';
import type { Work } from './comparison.js';
import { DomainsDatabase } from './domains-database.js';
import type { RequestsLoad } from './load/requests.js';
import type { LoggedStatement } from './logged-statements.js';
import type { Placement } from './machine.js';
import type { StatementsServer } from './peers/statements-server.js';
import { measureProcessor, processorLines, ratioOf, ratioText } from './processor.js';
import type { Result } from './report.js';
import { send, type Asked } from './send.js';
import { certificateOf, KEEP_ALIVE_SECONDS } from './static-peer.js';
import { Worker } from './worker.js';

const CONNECTIONS = 10;
const RATIO_MAX = 1.5;
/** How often a request is repeated to tell its statements from those of the loops. */
const REPEATS = 25;

interface RoutesContext {
  readonly placement: Placement;
  readonly rounds: number;
  readonly seconds: number;
}

interface Route extends Asked {
  readonly name: string;
}

/**
 * Measures routes beside a floor: bare node:https that runs the same statements, prepared, one after the other, and gives
 * the same bytes. What the statements are is read from PostgreSQL's log.
 */
export async function measureRoutes(context: RoutesContext): Promise<Result[]> {
  const database = await DomainsDatabase.start(0);
  const gateway = await GatewayProcess.spawn({
    launcher: context.placement.server,
    variables: { ...database.variables('empty'), GATEWAY_LIMITS: 'off' },
  });
  try {
    await gateway.ready();
    const results: Result[] = [];
    for (const route of await routesOf(gateway))
      results.push(await measureRoute(route, { ...context, gateway, database }));
    return results;
  } finally {
    await gateway.remove();
    await database.stop();
  }
}

/** A link's page, a check of credentials, and a receipt, each of which can be asked for again and again. */
async function routesOf(gateway: GatewayProcess): Promise<Route[]> {
  const words = ['account', 'create', '--region', 'eu', '--email', 'bench@example.com'];
  const { stdout } = await gateway.command(words);
  const token = /\b[0-9a-f]{40}\b/.exec(stdout)?.[0];
  if (token === undefined) throw new Error('no account was made');
  const authorization = `Basic ${Buffer.from(`bench@example.com:${token}`).toString('base64')}`;
  const share = {
    method: 'POST',
    path: '/api/v1/share',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ secret: 'to be looked at' }),
  };
  const shared = JSON.parse((await send(gateway, share)).body) as Readonly<
    Record<'secret_key' | 'metadata_key', string>
  >;
  const headers = { authorization };
  return [
    { name: 'GET /secret/KEY', method: 'GET', path: `/secret/${shared.secret_key}`, headers: {} },
    { name: 'GET /api/v1/authcheck', method: 'GET', path: '/api/v1/authcheck', headers },
    {
      name: 'POST /api/v1/private/KEY',
      method: 'POST',
      path: `/api/v1/private/${shared.metadata_key}`,
      headers,
    },
  ];
}

interface Scene extends RoutesContext {
  readonly gateway: GatewayProcess;
  readonly database: DomainsDatabase;
}

async function measureRoute(route: Route, scene: Scene): Promise<Result> {
  const { gateway, placement } = scene;
  const { name, method, path, headers } = route;
  const statements = await statementsOf(route, scene);
  const answer = await send(gateway, route);
  const floor = Worker.start<StatementsServer, { port: number }>(
    './peers/statements-server.js',
    placement.server,
  );
  const generator = Worker.start<RequestsLoad, Work>('./load/requests.js', placement.load);
  try {
    const { port } = await floor.ask({
      ...answer,
      ...(await certificateOf(gateway)),
      keepAliveSeconds: KEEP_ALIVE_SECONDS,
      databaseUrl: scene.database.urlOf('empty'),
      connections: CONNECTIONS,
      statements,
    });
    const asked = { host: HOST, path, method, headers, connections: CONNECTIONS };
    const load = (to: number) => (seconds: number) =>
      generator.ask({ ...asked, port: to, seconds });
    const times = await measureProcessor(
      [
        { name: 'gateway', pid: gateway.pid, load: load(gateway.ports.https) },
        { name: 'floor', pid: floor.pid, load: load(port) },
      ],
      scene,
    );
    const ratio = ratioOf(times, 'gateway', 'floor');
    return {
      question: `${name}: CPU time beside bare Node with the same statements`,
      reached: ratioText(ratio),
      target: `at most ${RATIO_MAX.toFixed(2)}`,
      isMet: ratio.median <= RATIO_MAX,
      details: [
        ...processorLines(times),
        `statements: ${statements.map((statement) => statement.name).join(', ')}`,
      ],
    };
  } finally {
    await generator.stop();
    await floor.stop();
  }
}

/** Those that ran once for each of many requests: the loops of the gateway run others meanwhile. */
async function statementsOf(
  route: Route,
  { gateway, database }: Scene,
): Promise<LoggedStatement[]> {
  // The first look at a receipt writes, and the first use of a token on a day.
  await send(gateway, route);
  const logged = await database.statementsDuring(async () => {
    for (let index = 0; index < REPEATS; index += 1) await send(gateway, route);
  });
  const counts = new Map<string, number>();
  for (const { name } of logged) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Set<string>();
  return logged.filter(({ name }) => {
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew && (counts.get(name) ?? 0) >= REPEATS;
  });
}
