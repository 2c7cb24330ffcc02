import { request } from 'node:https';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import type { Work } from './comparison.js';
import type { RequestsLoad } from './load/requests.js';
import { ratioResult, type Result } from './report.js';
import { compareWithStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const PATH = '/api/v1/status';
const CONNECTIONS = 10;
// Node adds these headers itself, in the peer too.
const WRITTEN_BY_NODE = new Set(['date', 'connection', 'keep-alive']);

/** Measures the cheapest request, compared with a bare server that answers the same bytes. */
export async function measureStatus(context: BenchmarkContext): Promise<Result> {
  const answer = await statusAnswer(context);
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

/** The gateway's answer, which the peer repeats with every header, including a request id of the same length. */
function statusAnswer({ gateway }: BenchmarkContext): Promise<{ headers: string[]; body: string }> {
  const options = {
    host: '127.0.0.1',
    port: gateway.ports.https,
    ca: gateway.root,
    servername: HOST,
    path: PATH,
    headers: { host: `${HOST}:${gateway.ports.https}` },
    agent: false,
  } as const;
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.once('end', () => {
        if (response.statusCode === 200)
          resolve({ headers: ownHeaders(response.rawHeaders), body });
        else reject(new Error(`${PATH} answers ${response.statusCode}`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

function ownHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_text, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !WRITTEN_BY_NODE.has(name.toLowerCase());
  });
}
