import { HOST, type BenchmarkContext } from './benchmark-context.js';
import type { Work } from './comparison.js';
import type { RequestsLoad } from './load/requests.js';
import { processorResult, type Result } from './report.js';
import { send } from './send.js';
import { answerAt, compareWithStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const CONNECTIONS = 10;
const CPU_MICROS_MAX = 2000;

/** Measures the page of a link, which is rendered for each visitor, compared with a bare server that answers the same bytes. */
export async function measureEnvelope(context: BenchmarkContext): Promise<Result> {
  const path = `/secret/${await concealed(context)}`;
  const answer = await answerAt(context, path);
  const target = { host: HOST, path, connections: CONNECTIONS };
  const generator = Worker.start<RequestsLoad, Work>('./load/requests.js', context.placement.load);
  try {
    const comparison = await compareWithStaticPeer(context, answer, (port, seconds) =>
      generator.ask({ ...target, port, seconds }),
    );
    return processorResult(
      {
        question: 'GET /secret/KEY, the page before the message, against bare node:https',
        unit: 'requests',
        peerName: 'bare node:https',
        target: CPU_MICROS_MAX,
      },
      comparison,
    );
  } finally {
    await generator.stop();
  }
}

/** Returns the key of a new secret. */
async function concealed({ gateway }: BenchmarkContext): Promise<string> {
  const { body } = await send(gateway, {
    method: 'POST',
    path: '/api/v1/share',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: 'to be looked at' }),
  });
  return (JSON.parse(body) as { readonly secret_key: string }).secret_key;
}
