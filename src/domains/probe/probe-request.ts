import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface ProbeTarget {
  /** An IP address; it is not resolved. */
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
      /** The first 4 KB at most. */
      readonly body: string;
    }
  | { readonly kind: 'failure'; readonly status: 'timeout' | 'refused' | 'unreachable' };

const BODY_BYTES_MAX = 4096;
const HEADER_BYTES_MAX = 8192;
const TEXT_LENGTH_MAX = 200;

/** Sends one GET on a new connection. It follows no redirect, reads 4 KB at most and never throws. */
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
      ? // Not verified, as by a CA: there may be no certificate yet. The HMAC of the answer identifies the gateway.
        requestHttps({ ...options, servername: target.hostname, rejectUnauthorized: false })
      : requestHttp(options);
    request.on('response', resolve).on('error', reject);
    // Some connections close without an error, such as after a refused upgrade.
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
    // Leaving the loop destroys the connection, so the rest is not received.
    if (length >= BODY_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString();
}

function failureOf(error: unknown, signal: AbortSignal): 'timeout' | 'refused' | 'unreachable' {
  const { code } = error as NodeJS.ErrnoException;
  if (signal.aborted || code === 'ETIMEDOUT') return 'timeout';
  return code === 'ECONNREFUSED' ? 'refused' : 'unreachable';
}
