import { HOST, type BenchmarkContext } from './benchmark-context.js';
import type { Work } from './comparison.js';
import type { HandshakesLoad } from './load/handshakes.js';
import { ratioResult, type Result } from './report.js';
import { compareWithStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const CONNECTIONS = 8;

/** Measures full handshakes with a certificate chosen by SNI, compared with a server that has a single certificate. */
export async function measureHandshakes(context: BenchmarkContext): Promise<Result> {
  const { load } = context.placement;
  const generator = Worker.start<HandshakesLoad, Work>('./load/handshakes.js', load);
  try {
    const comparison = await compareWithStaticPeer(
      context,
      { headers: [], body: '' },
      (port, seconds) => generator.ask({ port, host: HOST, connections: CONNECTIONS, seconds }),
    );
    return ratioResult(
      {
        question: 'full TLS 1.3 handshakes, warm, against bare node:https with one certificate',
        unit: 'handshakes',
        peerName: 'bare node:https',
        target: 0.8,
      },
      comparison,
    );
  } finally {
    await generator.stop();
  }
}
