import { createHash } from 'node:crypto';
import type { PublishedChallenge } from '../../../src/acme/authorize-order.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { issueWith, newAccount, startAcmeWorld, taskFor, type AcmeWorld } from './acme-world.js';

describeWithPebble('dns-01', () => {
  let world: AcmeWorld;
  beforeAll(async () => {
    world = await startAcmeWorld();
  });
  afterAll(() => world.stop());

  /** A zone that the name is delegated to. */
  const publisher =
    (name: Hostname, published: PublishedChallenge[], spoil = '') =>
    async (challenge: PublishedChallenge): Promise<void> => {
      published.push(challenge);
      const digest = createHash('sha256').update(challenge.keyAuthorization + spoil);
      const target = `label.acme.eu.onetime.example`;
      await world.dns.setCname(`_acme-challenge.${name}`, target);
      await world.dns.addTxt(target, digest.digest('base64url'));
    };

  it('is accepted by the CA for a name that leads nowhere', async () => {
    const name = await world.newName();
    await world.dns.clearA(name);
    const published: PublishedChallenge[] = [];
    const publishChallenge = publisher(name, published);
    const task = taskFor(world, name, { challengeTypes: ['dns-01', 'http-01'], publishChallenge });
    const client = world.newClient(newAccount());
    expect((await issueWith(() => client, task)).certificate.hostname).toBe(name);
    expect(published.map(({ type }) => type)).toEqual(['dns-01']);
  });

  it('fails with the value of another challenge, and no other challenge is started', async () => {
    const name = await world.newName();
    const published: PublishedChallenge[] = [];
    const publishChallenge = publisher(name, published, 'x');
    const task = taskFor(world, name, { challengeTypes: ['dns-01', 'http-01'], publishChallenge });
    const client = world.newClient(newAccount());
    await expect(issueWith(() => client, task)).rejects.toMatchObject({ source: 'object' });
    expect(published.map(({ type }) => type)).toEqual(['dns-01']);
  });
});
