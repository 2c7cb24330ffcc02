import { once } from 'node:events';
import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect } from 'node:tls';
import { tlsAlpnCertificate } from '../../../src/acme/tls-alpn-certificate.js';
import { hostCache } from '../../../src/certificates/contexts/host-cache.js';
import {
  HostServers,
  type HostServer,
  type KeyPair,
} from '../../../src/certificates/contexts/host-server.js';
import { visit } from '../../../src/certificates/contexts/trial-visit.js';
import { requireHostname } from '../../../src/shared/hostname.js';

const HOST = requireHostname('secrets.acme.example');
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const WAYS = VERSIONS.flatMap((version) => [false, true].map((renews) => ({ version, renews })));

let pair: KeyPair;
beforeAll(async () => {
  const proof = await tlsAlpnCertificate(HOST, '', new Date());
  pair = { key: proof.privateKeyPem, cert: proof.certificatePem };
});

describe('TLS that leaves memory', () => {
  it.each(WAYS)(
    'completes a handshake that has begun, and its ticket resumes later ($version, renewed: $renews)',
    async ({ version, renews }) => {
      const servers = new HostServers();
      servers.renewsTickets = renews;
      const only = { minVersion: version, maxVersion: version };
      const first = servers.build(HOST, pair);
      const leaving: Pick<HostServer, 'server' | 'accept'> = {
        server: first.server,
        accept: (raw) => {
          first.accept(raw);
          first.retire();
        },
      };
      const { ticket } = await visit(leaving, only);
      expect(ticket).not.toBeNull();
      const later = await visit(servers.build(HOST, pair), { ...only, session: ticket! });
      expect(later.isResumed).toBe(true);
    },
  );

  it('goes on with its open connections', async () => {
    const host = new HostServers().build(HOST, pair);
    const [near, far] = duplexPair();
    const client = connect({ socket: near, rejectUnauthorized: false });
    const shaken = once(host.server, 'secureConnection') as Promise<[Socket]>;
    host.accept(far as Socket);
    const [secure] = await shaken;
    host.retire();
    await nextTurn();
    await nextTurn();
    secure.on('data', (chunk: Buffer) => secure.write(chunk));
    client.write('still here');
    expect(String(await once(client, 'data'))).toBe('still here');
    client.destroy();
    secure.destroy();
  });

  it('accepts in the turn in which it was found, and then no more', async () => {
    const host = new HostServers().build(HOST, pair);
    host.retire();
    expect((await visit(host, {})).isResumed).toBe(false);
    const [, far] = duplexPair();
    expect(() => host.accept(far as Socket)).toThrow('no longer in memory');
  });

  it('gives its memory back without a collection of garbage', async () => {
    const servers = new HostServers();
    const cache = hostCache<{ readonly context: HostServer }>(50);
    const visitMany = async (names: number): Promise<void> => {
      for (let made = 0; made < names; made++) {
        const name = requireHostname(`name-${made}.acme.example`);
        cache.set(name, { context: servers.build(name, pair) });
        await nextTurn();
      }
    };
    await visitMany(500);
    const before = process.memoryUsage().rss;
    await visitMany(4000);
    // Without it: some 100 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });
});
