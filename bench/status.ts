import { request } from 'node:https';
import type { RequestsLoad } from './load/requests.js';
import { ratioAnswer, type Answer } from './report.js';
import { compare, type Work } from './rounds.js';
import { HOST, type Setting } from './setting.js';
import { startStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const PATH = '/api/v1/status';
const CONNECTIONS = 10;
// Node writes these by itself, in the peer as well.
const WRITTEN_BY_NODE = new Set(['date', 'connection', 'keep-alive']);

/** What does a request cost before it does anything, beside a bare server that answers the same bytes? */
export async function askStatus(setting: Setting): Promise<Answer> {
  const { gateway, placement } = setting;
  const peer = await startStaticPeer(setting, await statusAnswer(setting));
  const generator = Worker.start<RequestsLoad, Work>('./load/requests.js', placement.load);
  const contestant = (pid: number, port: number) => ({
    pid,
    load: (seconds: number) =>
      generator.ask({ port, host: HOST, path: PATH, connections: CONNECTIONS, seconds }),
  });
  try {
    const comparison = await compare(
      contestant(gateway.pid, gateway.ports.https),
      contestant(peer.pid, peer.port),
      setting,
    );
    return ratioAnswer(
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
    await peer.stop();
  }
}

/** The gateway's own answer, for the peer to repeat byte by byte: the request id too, of the same length. */
function statusAnswer({ gateway }: Setting): Promise<{ headers: string[]; body: string }> {
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
