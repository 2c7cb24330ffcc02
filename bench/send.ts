import { request } from 'node:https';
import type { GatewayProcess } from '../demo/gateway-process.js';
import { HOST } from './benchmark-context.js';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, as a peer can repeat it. */
export interface Answer {
  /** Names and values in turn, without those that Node adds itself. */
  readonly headers: string[];
  readonly body: string;
}

const WRITTEN_BY_NODE = new Set(['date', 'connection', 'keep-alive']);

/** @throws for another status than 200 */
export function send(
  { ports, root }: Pick<GatewayProcess, 'ports' | 'root'>,
  { method, path, headers, body = '' }: Asked,
): Promise<Answer> {
  const options = {
    host: '127.0.0.1',
    port: ports.https,
    ca: root,
    servername: HOST,
    method,
    path,
    headers: { host: `${HOST}:${ports.https}`, ...headers },
    agent: false,
  } as const;
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        if (response.statusCode === 200)
          resolve({ headers: ownHeaders(response.rawHeaders), body: text });
        else reject(new Error(`${path} answers ${response.statusCode}: ${text}`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function ownHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_text, index) => {
    const name = rawHeaders[index - (index % 2)] ?? '';
    return !WRITTEN_BY_NODE.has(name.toLowerCase());
  });
}
