import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface ProbeTarget {
  /** An IP address; nothing is resolved. */
  readonly address: string;
  readonly port: number;
  readonly hostname: string;
  readonly path: string;
  readonly isTls: boolean;
  readonly signal: AbortSignal;
}

export type ProbeResponse =
  | {
      readonly kind: 'answer';
      readonly httpStatus: number;
      readonly location: string | null;
      readonly server: string | null;
      /** At most 4 KB of it. */
      readonly body: string;
    }
  | { readonly kind: 'failure'; readonly status: 'timeout' | 'refused' | 'unreachable' };

const BODY_BYTES_MAX = 4096;
const HEADER_BYTES_MAX = 8192;
const TEXT_LENGTH_MAX = 200;

/** One GET on one connection of its own. Never throws, follows nothing, reads little. */
export async function fetchOnce(target: ProbeTarget): Promise<ProbeResponse> {
  try {
    const response = await send(target);
    const { location, server } = response.headers;
    const body = await readStart(response);
    return {
      kind: 'answer',
      httpStatus: response.statusCode ?? 0,
      location: clipped(location),
      server: clipped(server),
      body,
    };
  } catch (error) {
    return { kind: 'failure', status: failureOf(error, target.signal) };
  }
}

function send(target: ProbeTarget): Promise<IncomingMessage> {
  const standardPort = target.isTls ? 443 : 80;
  const port = target.port === standardPort ? '' : `:${target.port}`;
  const options = {
    host: target.address,
    port: target.port,
    path: target.path,
    headers: { host: `${target.hostname}${port}`, connection: 'close' },
    agent: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    signal: target.signal,
  };
  return new Promise((resolve, reject) => {
    const request = target.isTls
      ? // Unverified, as a CA does it: before the first certificate there is none to verify. Our key in the answer proves us.
        requestHttps({ ...options, servername: target.hostname, rejectUnauthorized: false })
      : requestHttp(options);
    request.on('response', resolve).on('error', reject);
    // Some endings, such as a refused upgrade, come without an error.
    request.on('close', () => reject(new Error('the connection was closed'))).end();
  });
}

function clipped(header: string | string[] | undefined): string | null {
  return [header].flat()[0]?.slice(0, TEXT_LENGTH_MAX) ?? null;
}

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop destroys the connection: the rest is never received.
    if (length >= BODY_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString();
}

function failureOf(error: unknown, signal: AbortSignal): 'timeout' | 'refused' | 'unreachable' {
  const { code } = error as NodeJS.ErrnoException;
  if (signal.aborted || code === 'ETIMEDOUT') return 'timeout';
  return code === 'ECONNREFUSED' ? 'refused' : 'unreachable';
}
