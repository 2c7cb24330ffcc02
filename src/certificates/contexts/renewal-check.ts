import { tlsAlpnCertificate } from '../../acme/tls-alpn-certificate.js';
import { requireHostname } from '../../shared/hostname.js';
import { HostServers } from './host-server.js';
import { visit } from './trial-visit.js';

const HOST = requireHostname('renewal.check.invalid');
const OTHER_HOST = requireHostname('other.check.invalid');

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
    const only = { minVersion: version, maxVersion: version };
    const offering = (ticket: Buffer | null) =>
      ticket === null ? only : { ...only, session: ticket };
    const first = await visit(host, only);
    const second = await visit(host, offering(first.ticket));
    const third = await visit(host, offering(second.ticket));
    const elsewhere = await visit(other, offering(second.ticket));
    const renewed = second.ticket !== null && !second.ticket.equals(first.ticket ?? second.ticket);
    const resumed = [first, second, third, elsewhere].map(({ isResumed }) => isResumed);
    if (!renewed || resumed.join() !== 'false,true,true,false') return false;
  }
  return true;
}
