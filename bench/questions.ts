import { freePorts } from '../demo/free-ports.js';
import { GatewayProcess } from '../demo/gateway-process.js';
import { HOST } from './benchmark-context.js';
import type { Authority, AuthorityLoad } from './load/authority.js';
import type { Questions, QuestionsLoad } from './load/questions.js';
import type { Visits, VisitsLoad } from './load/visits.js';
import { cpuSecondsOf, moveChildren, rssMegabytesOf, type Placement } from './machine.js';
import type { Result } from './report.js';
import { Worker } from './worker.js';

const ZONE = 'acme.eu.onetime.localhost';
const PATH = '/api/v1/status';
const VISITOR = '127.0.9.9';
const CA = '127.0.8.8';
const BEFORE_SECONDS = 4;
const FLOOD_SECONDS = 10;
const RATES = [2000, 10_000, 30_000];
const SAMPLE_EVERY = 200;
const SLOWER_MAX = 3;
const MEGABYTES_MAX = 128;
/** Of a CA's questions, each asked three times. The load shares a core, and the kernel drops what it cannot hand over. */
const ANSWERED_MIN = 0.9;

interface Load {
  readonly flooder: Worker<QuestionsLoad, Questions>;
  readonly visitor: Worker<VisitsLoad, Visits>;
  readonly authority: Worker<AuthorityLoad, Authority>;
}

/** A flood of questions to the name server, what a visitor of the API sees meanwhile, and whether a CA gets its answers. */
export async function measureQuestions({
  placement,
}: {
  readonly placement: Placement;
}): Promise<Result[]> {
  const [port = 0] = await freePorts(1);
  const gateway = await GatewayProcess.spawn({
    launcher: placement.server,
    variables: {
      GATEWAY_LIMITS: 'on',
      GATEWAY_NAMESERVERS_EU: 'ns1.eu.onetime.localhost',
      GATEWAY_NAMESERVER_PORT: String(port),
    },
  });
  const load: Load = {
    flooder: Worker.start('./load/questions.js', placement.load),
    visitor: Worker.start('./load/visits.js', placement.load),
    authority: Worker.start('./load/authority.js', placement.load),
  };
  try {
    await gateway.ready();
    moveChildren(gateway.pid, placement);
    const results: Result[] = [];
    for (const rate of RATES) results.push(await measureOne(gateway, port, load, rate));
    return results;
  } finally {
    await Promise.all(Object.values(load).map((each: Worker<object, object>) => each.stop()));
    await gateway.remove();
  }
}

async function measureOne(
  { pid, ports: { https } }: GatewayProcess,
  port: number,
  { flooder, visitor, authority }: Load,
  rate: number,
): Promise<Result> {
  const visit = (seconds: number): Promise<Visits> =>
    visitor.ask({ port: https, host: HOST, path: PATH, address: VISITOR, seconds });
  const before = seen(await visit(BEFORE_SECONDS));
  const [idle, atFlood] = [rssMegabytesOf(pid), cpuSecondsOf(pid)];
  let most = idle;
  const timer = setInterval(() => (most = Math.max(most, rssMegabytesOf(pid))), SAMPLE_EVERY);
  const flood = { port, zone: ZONE, seconds: FLOOD_SECONDS, datagramsPerSecond: rate };
  const [flooded, visits, asked] = await Promise.all([
    flooder.ask(flood),
    visit(FLOOD_SECONDS),
    authority.ask({ port, zone: ZONE, address: CA, seconds: FLOOD_SECONDS }),
  ]);
  clearInterval(timer);
  const cpu = cpuSecondsOf(pid) - atFlood;
  const [during, ca] = [seen(visits), seen(asked)];
  const questions = asked.durations.length + asked.failed;
  return {
    question: `${rate} datagrams a second from 200 networks, and 400 connections: the API and a CA`,
    reached: `p50 ${(during.p50 / before.p50).toFixed(1)} times, ${during.failed} failed; ${asked.durations.length} of ${questions} answers; ${(most - idle).toFixed(0)} MB more`,
    target: `at most ${SLOWER_MAX} times, 0 failed; ${ANSWERED_MIN * 100} % of the answers; ${MEGABYTES_MAX} MB`,
    isMet:
      during.p50 <= SLOWER_MAX * before.p50 &&
      during.failed === 0 &&
      asked.durations.length >= ANSWERED_MIN * questions &&
      most - idle <= MEGABYTES_MAX,
    details: [
      `a visitor ${line(during)}, before ${line(before)}`,
      `the CA ${line(ca)}, ${asked.byTcp} of ${questions} by TCP`,
      `${flooded.datagrams} datagrams and ${flooded.connections} connections, ${flooded.answered} datagrams answered; the gateway used ${((cpu / FLOOD_SECONDS) * 100).toFixed(0)} % of a core`,
    ],
  };
}

interface Seen {
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

function seen({ durations, failed }: Pick<Visits, 'durations' | 'failed'>): Seen {
  const sorted = durations.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Infinity;
  return { p50: at(0.5), p99: at(0.99), failed };
}

function line({ p50, p99, failed }: Seen): string {
  return `${p50.toFixed(0)} / ${p99.toFixed(0)} ms (p50 / p99), ${failed} failed`;
}
