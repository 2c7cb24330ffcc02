import { HOST, type BenchmarkContext } from './benchmark-context.js';
import { startCaddy } from './caddy-peer.js';
import type { Work } from './comparison.js';
import type { RequestsLoad } from './load/requests.js';
import {
  measureProcessor,
  processorLines,
  ratioOf,
  ratioText,
  type Contender,
} from './processor.js';
import type { Result } from './report.js';
import { answerAt, certificateOf, startStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const PATH = '/api/v1/status';
const CONNECTIONS = 10;
/** The gateway's processor time, divided by the peer's. */
const TARGETS = { 'bare node:https': 1.25, Caddy: 1 } as const;

/** Measures the cheapest request beside servers that answer the same bytes: bare Node, and Caddy where it is installed. */
export async function measureStatus(context: BenchmarkContext): Promise<Result[]> {
  const { gateway, placement } = context;
  const answer = await answerAt(context, PATH);
  const stops: (() => Promise<void>)[] = [];
  const generator = Worker.start<RequestsLoad, Work>('./load/requests.js', placement.load);
  stops.push(() => generator.stop());
  const target = { host: HOST, path: PATH, connections: CONNECTIONS };
  const contender = (name: string, pid: number, port: number): Contender => ({
    name,
    pid,
    load: (seconds) => generator.ask({ ...target, port, seconds }),
  });
  try {
    const bare = await startStaticPeer(context, answer);
    stops.push(bare.stop);
    const caddy = await startCaddy(
      { ...answer, ...(await certificateOf(gateway)) },
      placement.server,
    );
    if (caddy === null) console.log('  Caddy is not installed: skipped');
    else stops.push(() => caddy.stop());
    const times = await measureProcessor(
      [
        contender('gateway', gateway.pid, gateway.ports.https),
        contender('bare node:https', bare.pid, bare.port),
        ...(caddy === null ? [] : [contender('Caddy', caddy.pid, caddy.port)]),
      ],
      context,
    );
    return Object.entries(TARGETS)
      .filter(([name]) => times.has(name))
      .map(([name, most], index) => {
        const ratio = ratioOf(times, 'gateway', name);
        return {
          question: `GET ${PATH}, keep-alive over TLS: CPU time beside ${name}`,
          reached: ratioText(ratio),
          target: `at most ${most.toFixed(2)}`,
          isMet: ratio.median <= most,
          details: index === 0 ? processorLines(times) : [],
        };
      });
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}
