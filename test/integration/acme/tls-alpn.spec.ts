import type { AddressInfo } from 'node:net';
import { createServer, type SecureContext, createSecureContext, type Server } from 'node:tls';
import { ACME_TLS_PROTOCOL, tlsAlpnCertificate } from '../../../src/acme/tls-alpn-certificate.js';
import type { PublishedChallenge } from '../../../src/acme/authorize-order.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { issueWith, newAccount, startAcmeWorld, taskFor, type AcmeWorld } from './acme-world.js';

describeWithPebble('tls-alpn-01, when port 80 cannot be reached', () => {
  const contexts = new Map<string, SecureContext>();
  let world: AcmeWorld;
  let server: Server;
  beforeAll(async () => {
    server = createServer({
      ALPNProtocols: [ACME_TLS_PROTOCOL],
      SNICallback: (name, done) => done(null, contexts.get(name)),
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    world = await startAcmeWorld({ tlsPort: (server.address() as AddressInfo).port });
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await world.stop();
  });

  const publisher =
    (name: Hostname, published: PublishedChallenge[], spoil = '') =>
    async (challenge: PublishedChallenge) => {
      published.push(challenge);
      const keyAuthorization = challenge.keyAuthorization + spoil;
      const made = await tlsAlpnCertificate(name, keyAuthorization, new Date());
      contexts.set(
        name,
        createSecureContext({ key: made.privateKeyPem, cert: made.certificatePem }),
      );
    };

  it('is accepted by the CA', async () => {
    const name = await world.newName();
    const published: PublishedChallenge[] = [];
    const publishChallenge = publisher(name, published);
    const task = taskFor(world, name, { challengeTypes: ['tls-alpn-01'], publishChallenge });
    const client = world.newClient(newAccount());
    const { certificate } = await issueWith(() => client, task);
    expect(certificate.hostname).toBe(name);
    expect(published.map(({ type }) => type)).toEqual(['tls-alpn-01']);
  });

  it('fails with the certificate of another challenge', async () => {
    const name = await world.newName();
    const publishChallenge = publisher(name, [], 'x');
    const task = taskFor(world, name, { challengeTypes: ['tls-alpn-01'], publishChallenge });
    const client = world.newClient(newAccount());
    await expect(issueWith(() => client, task)).rejects.toMatchObject({ source: 'object' });
  });
});
