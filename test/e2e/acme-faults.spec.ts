import {
  certificateForAnotherKey,
  rateLimited,
  resetAfter,
  stuckInProcessing,
  truncatedChain,
  unavailable,
  type Fault,
} from '../support/acme-fault-proxy-faults.js';
import { DomainScene, type CertificateAxis } from '../support/domain-scene.js';
import { call } from '../support/https-client.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

// Seconds: longer than any wait here, shorter than an order's lifetime.
const LONG = 700;

describeWithPebble('a first certificate when the CA fails', () => {
  let scene: DomainScene;
  beforeAll(async () => {
    scene = await DomainScene.start();
  });
  afterEach(() => scene?.proxy.heal());
  afterAll(() => scene?.stop());

  /** Injects a fault for the requests about one name. */
  const injectFor = (name: string, fault: Fault) =>
    scene.proxy.inject({ ...fault, when: ({ hostname }) => hostname === name });

  const waiting = (id: string) =>
    until<CertificateAxis>('the name waits for its next attempt', async () => {
      const seen = await scene.certificate(id);
      const isLater = Date.parse(seen.attempts.next_at ?? '') > Date.now() + 1000;
      return isLater ? seen : null;
    });

  const secondsLeft = ({ attempts }: CertificateAxis) =>
    (Date.parse(attempts.next_at ?? '') - Date.now()) / 1000;

  /** The name has one certificate and serves it. */
  async function expectOneCertificate(name: string, id: string): Promise<void> {
    const { serving } = await (await scene.customer()).serving(id);
    expect(serving).toMatchObject({ ready: true, blocked_by: [] });
    const [only, ...others] = await scene.certificatesOf(name);
    expect(others).toEqual([]);
    expect(await scene.servedSerial(name)).toBe(only?.serial);
    expect(scene.done(name, 'finalize')).toBe(1);
    const status = await call(await scene.target(name), { path: '/api/v1/status' });
    expect(status.json()).toMatchObject({ status: 'nominal' });
  }

  const typesOf = async (id: string) => (await scene.story(id)).map(({ type }) => type);

  describe('for all names', () => {
    const inTenMinutes = () => new Date(Date.now() + 600_000).toUTCString();

    it.each([
      ['429 with seconds', 'rate-1', () => rateLimited('newOrder', '600'), 'rate_limit'],
      ['429 with a date', 'rate-2', () => rateLimited('newOrder', inTenMinutes()), 'rate_limit'],
      ['503', 'away-1', () => unavailable('newOrder', 1, '600'), 'ca_down'],
    ] as const)(
      'waits for the Retry-After of a %s and shows it',
      async (_, label, fault, heldBy) => {
        const name = `secrets.${label}.test`;
        injectFor(name, fault());
        const id = await scene.add(name);

        const axis = await waiting(id);
        expect(axis).toMatchObject({ state: 'queued', attempts: { count: 0, held_by: heldBy } });
        expect(secondsLeft(axis)).toBeGreaterThan(500);
        expect(secondsLeft(axis)).toBeLessThan(620);
        await expect(scene.servedSerial(name)).rejects.toThrow(/unrecognized name/i);

        await scene.letPass(LONG, name);
        await expectOneCertificate(name, id);
        expect(scene.done(name, 'newOrder')).toBe(1);
        expect(await typesOf(id)).toEqual([
          'queued',
          'postponed',
          'ordered',
          'validated',
          'issued',
        ]);
      },
    );

    it('orders once more when the answer to newOrder is lost, and gets one certificate', async () => {
      const name = 'secrets.lost.test';
      injectFor(name, resetAfter('newOrder'));
      const id = await scene.add(name);
      expect(await waiting(id)).toMatchObject({ attempts: { count: 1, held_by: 'backoff' } });

      await scene.letPass(LONG, name);
      await expectOneCertificate(name, id);
      expect(scene.done(name, 'newOrder')).toBe(2);
      expect(await typesOf(id)).toEqual(['queued', 'postponed', 'ordered', 'validated', 'issued']);
    });
  });

  describe('for one name', () => {
    it.each([
      ['in the middle', 'cut', () => truncatedChain('mid-certificate'), 'incomplete_chain'],
      ['after the leaf', 'leaf', () => truncatedChain('leaf-only'), 'incomplete_chain'],
      ['for another key', 'key', () => certificateForAnotherKey(), 'wrong_key'],
    ] as const)('does not serve a wrong chain (%s)', async (_, label, fault, why) => {
      const name = `secrets.${label}.test`;
      injectFor(name, fault());
      const id = await scene.add(name);

      const axis = await waiting(id);
      expect(axis).toMatchObject({
        serial: null,
        attempts: { count: 1, held_by: 'backoff' },
        problem: { type: `certificate_${why}` },
      });
      expect(secondsLeft(axis)).toBeGreaterThan(40);
      await expect(scene.servedSerial(name)).rejects.toThrow(/unrecognized name/i);

      await scene.letPass(LONG, name);
      await expectOneCertificate(name, id);
      // The same order, downloaded again.
      expect(scene.done(name, 'newOrder')).toBe(1);
      expect(await typesOf(id)).toEqual(['queued', 'ordered', 'validated', 'failed', 'issued']);
    });

    it('resumes an order that is stuck in processing', async () => {
      const name = 'secrets.stuck.test';
      injectFor(name, stuckInProcessing(2, '30'));
      const id = await scene.add(name);
      const axis = await waiting(id);
      expect(axis).toMatchObject({ state: 'issuing', attempts: { count: 0, held_by: 'none' } });

      await scene.letPass(LONG, name);
      await expectOneCertificate(name, id);
      expect(scene.done(name, 'newOrder')).toBe(1);
      expect(await typesOf(id)).toEqual(['queued', 'ordered', 'validated', 'issued']);
    });
  });
});
