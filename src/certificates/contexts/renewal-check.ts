import { once } from 'node:events';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { connect, type SecureVersion } from 'node:tls';
import { tlsAlpnCertificate } from '../../acme/tls-alpn-certificate.js';
import { SECOND } from '../../shared/durations.js';
import { requireHostname } from '../../shared/hostname.js';
import { HostServers, type HostServer } from './host-server.js';

const HOST = requireHostname('renewal.check.invalid');
const OTHER_HOST = requireHostname('other.check.invalid');
const DEADLINE = 5 * SECOND;

interface Visit {
  readonly isResumed: boolean;
  /** The last ticket of the visit; null: none came. */
  readonly ticket: Buffer | null;
}

/**
 * Whether this Node renews session tickets by its private way (ticket-renewal.ts), tried in memory: a ticket is resumed
 * and renewed, the new one is resumed too, and another host resumes neither.
 */
export async function renewalWorks(): Promise<boolean> {
  const servers = new HostServers();
  servers.renewsTickets = true;
  const proof = await tlsAlpnCertificate(HOST, '', new Date());
  const pair = { key: proof.privateKeyPem, cert: proof.certificatePem };
  const [host, other] = [servers.build(HOST, pair), servers.build(OTHER_HOST, pair)];
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = await visit(host, version, null);
    const second = await visit(host, version, first.ticket);
    const third = await visit(host, version, second.ticket);
    const elsewhere = await visit(other, version, second.ticket);
    const renewed = second.ticket !== null && !second.ticket.equals(first.ticket ?? second.ticket);
    const resumed = [first, second, third, elsewhere].map(({ isResumed }) => isResumed);
    if (!renewed || resumed.join() !== 'false,true,true,false') return false;
  }
  return true;
}

/** One connection of a client with `session`. */
async function visit(
  host: HostServer,
  version: SecureVersion,
  session: Buffer | null,
): Promise<Visit> {
  const [near, far] = duplexPair();
  const client = connect({
    socket: near,
    minVersion: version,
    maxVersion: version,
    rejectUnauthorized: false,
    ...(session !== null && { session }),
  });
  const signal = AbortSignal.timeout(DEADLINE);
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
    client.on('error', () => {}).destroy();
    far.destroy();
  }
}
