import { request } from 'node:https';
import { join } from 'node:path';
import { LocalAuthority } from '../src/certificates/issuers/local-authority.js';
import { SystemClock } from '../src/shared/clock.js';
import { requireHostname } from '../src/shared/hostname.js';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import { compare, type Comparison, type Work } from './comparison.js';
import type { StaticServer } from './peers/static-server.js';
import { Worker } from './worker.js';

const KEEP_ALIVE_SECONDS = 65;
// Node adds these headers itself, in the peer too.
const WRITTEN_BY_NODE = new Set(['date', 'connection', 'keep-alive']);

type StaticAnswer = Pick<StaticServer, 'headers' | 'body'>;

/** Compares the gateway with a bare node:https server that gives `answer`. `load` puts load on the server on a port. */
export async function compareWithStaticPeer(
  context: BenchmarkContext,
  answer: StaticAnswer,
  load: (port: number, seconds: number) => Promise<Work>,
): Promise<Comparison> {
  const { pid, ports } = context.gateway;
  const peer = await startStaticPeer(context, answer);
  try {
    return await compare(
      { pid, load: (seconds) => load(ports.https, seconds) },
      { pid: peer.pid, load: (seconds) => load(peer.port, seconds) },
      context,
    );
  } finally {
    await peer.stop();
  }
}

/** The server has the gateway's host name and one certificate, issued by the gateway's local authority. */
async function startStaticPeer(
  { gateway, placement }: BenchmarkContext,
  answer: StaticAnswer,
): Promise<{ pid: number; port: number; stop: () => Promise<void> }> {
  const authority = await LocalAuthority.open(join(gateway.dataDir, 'ca'), new SystemClock());
  const { chainPem, privateKeyPem } = await authority.issue(requireHostname(HOST));
  const worker = Worker.start<StaticServer, { port: number }>(
    './peers/static-server.js',
    placement.server,
  );
  const { port } = await worker.ask({
    ...answer,
    certificate: chainPem,
    privateKey: privateKeyPem,
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
  });
  return { pid: worker.pid, port, stop: () => worker.stop() };
}

/** The gateway's answer, which the peer repeats with every header, including a request id of the same length. */
export function answerAt(
  { gateway }: BenchmarkContext,
  path: string,
): Promise<{ headers: string[]; body: string }> {
  const options = {
    host: '127.0.0.1',
    port: gateway.ports.https,
    ca: gateway.root,
    servername: HOST,
    path,
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
        else reject(new Error(`${path} answers ${response.statusCode}`));
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
