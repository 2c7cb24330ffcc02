import { once } from 'node:events';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';
import { SECOND } from '../../shared/durations.js';
import type { HostServer } from './host-server.js';

const DEADLINE = 5 * SECOND;

export type TrialOptions = Pick<
  ConnectionOptions,
  'minVersion' | 'maxVersion' | 'ciphers' | 'ecdhCurve' | 'session'
>;

export interface Visit {
  readonly isResumed: boolean;
  /** The last ticket of the visit; null: none came. */
  readonly ticket: Buffer | null;
}

/**
 * A visit to learn whether the host accepts the client; null: it refuses.
 * @throws when nothing was decided by the deadline: a machine without time says nothing of its TLS
 */
export async function tryVisit(
  host: Pick<HostServer, 'server' | 'accept'>,
  options: TrialOptions,
  deadlineMs = DEADLINE,
): Promise<Visit | null> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await visit(host, options, deadline);
  } catch (cause) {
    if (!deadline.aborted) return null;
    throw new Error(`the TLS self-test got no answer within ${deadlineMs} ms`, { cause });
  }
}

/**
 * One TLS connection to a host in memory, by a client with these options.
 * @throws when the handshake fails
 */
export async function visit(
  host: Pick<HostServer, 'server' | 'accept'>,
  options: TrialOptions,
  deadline = AbortSignal.timeout(DEADLINE),
): Promise<Visit> {
  const [near, far] = duplexPair();
  const failed = new AbortController();
  const signal = AbortSignal.any([deadline, failed.signal]);
  const client = connect({ socket: near, rejectUnauthorized: false, ...options });
  client.on('error', (error) => failed.abort(error));
  let ticket: Buffer | null = null;
  client.on('session', (received) => (ticket = received));
  try {
    const shaken = once(host.server, 'secureConnection', { signal }) as Promise<[Socket]>;
    host.accept(far as Socket);
    const [secure] = await shaken;
    // The tickets arrive before this byte.
    secure.on('error', () => {}).end('x');
    await once(client, 'data', { signal });
    return { isResumed: client.isSessionReused(), ticket: ticket ?? client.getSession() ?? null };
  } finally {
    client.destroy();
    far.destroy();
  }
}
