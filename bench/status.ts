import { HOST, type BenchmarkContext } from './benchmark-context.js';
import type { Work } from './comparison.js';
import type { RequestsLoad } from './load/requests.js';
import { ratioResult, type Result } from './report.js';
import { answerAt, compareWithStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const PATH = '/api/v1/status';
const CONNECTIONS = 10;

/** Measures the cheapest request, compared with a bare server that answers the same bytes. */
export async function measureStatus(context: BenchmarkContext): Promise<Result> {
  const answer = await answerAt(context, PATH);
  const target = { host: HOST, path: PATH, connections: CONNECTIONS };
  const { load } = context.placement;
  const generator = Worker.start<RequestsLoad, Work>('./load/requests.js', load);
  try {
    const comparison = await compareWithStaticPeer(context, answer, (port, seconds) =>
      generator.ask({ ...target, port, seconds }),
    );
    return ratioResult(
      {
        question: `GET ${PATH}, keep-alive over TLS, against bare node:https`,
        unit: 'requests',
        peerName: 'bare node:https',
        target: 0.6,
      },
      comparison,
    );
  } finally {
    await generator.stop();
  }
}
