import { request } from 'node:https';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import type { Work } from './comparison.js';
import type { RequestsLoad } from './load/requests.js';
import { processorResult, type Result } from './report.js';
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
function concealed({ gateway }: BenchmarkContext): Promise<string> {
  const body = JSON.stringify({ secret: 'to be looked at' });
  const options = {
    host: '127.0.0.1',
    port: gateway.ports.https,
    ca: gateway.root,
    servername: HOST,
    method: 'POST',
    path: '/api/v1/share',
    headers: { host: `${HOST}:${gateway.ports.https}`, 'content-type': 'application/json' },
    agent: false,
  } as const;
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        if (response.statusCode === 200)
          resolve((JSON.parse(text) as { readonly secret_key: string }).secret_key);
        else reject(new Error(`share answers ${response.statusCode}: ${text}`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
