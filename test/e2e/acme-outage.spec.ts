import { DomainScene } from '../support/domain-scene.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

/** Long enough for a slow machine to set the domain up and look at it within a third. */
const LIFETIME_SECONDS = 90;
const NAME = 'secrets.patient.test';

describeWithPebble(`a certificate of ${LIFETIME_SECONDS} seconds`, () => {
  let scene: DomainScene;
  let id: string;
  beforeAll(async () => {
    scene = await DomainScene.start(1, { validitySeconds: LIFETIME_SECONDS });
  });
  afterAll(() => scene?.stop());

  const expiry = async () => Date.parse((await scene.certificate(id)).not_after ?? '');

  /** Those by which the region is asked below are to last longer than the one of the name. */
  const renewOwnHosts = async (): Promise<void> => {
    const versions = () =>
      scene.query<{ hostname: string; version: number }>(
        `select hostname, max(version)::int as version from certificates where hostname <> $1 group by 1 order by 1`,
        [NAME],
      );
    const before = await versions();
    expect(before).not.toEqual([]);
    await scene.query(
      `update issuances set renew_at = now(), next_at = now(), leased_until = null where hostname <> $1`,
      [NAME],
    );
    await until('the own hosts have others', async () => {
      const after = await versions();
      return before.every(({ version }, index) => Number(after[index]?.version) > version);
    });
  };

  it('is served during an outage that lasts for its whole renewal period', async () => {
    id = await scene.add(NAME);
    await (await scene.customer()).serving(id);
    const first = await scene.servedSerial(NAME);
    await renewOwnHosts();
    scene.proxy.outage = true;

    const degraded = await until(
      'the renewal fails',
      async () => {
        const seen = await scene.certificate(id);
        // Each hold ends after a time, and the next begins with the next attempt.
        const isHeld = seen.state === 'degraded' && seen.attempts.held_by !== null;
        return isHeld ? seen : null;
      },
      LIFETIME_SECONDS * 1000,
    );
    expect(degraded).toMatchObject({
      serial: first,
      attempts: { count: 0, held_by: 'ca_down', next_at: expect.any(String) },
    });
    const end = await expiry();
    await until('it is about to expire', async () => {
      expect(await scene.servedSerial(NAME)).toBe(first);
      return Date.now() > end - 5000;
    });
    expect(scene.done(NAME, 'newOrder')).toBe(1);
  });

  it('is replaced by one certificate after the outage', async () => {
    scene.proxy.heal();
    // The hold after this many failures, for the region's own hosts too: on a slow machine their certificates have expired.
    for (const { hostname } of await scene.query<{ hostname: string }>(
      'select hostname from issuances',
    ))
      await scene.letPass(60, hostname);
    await until('the new one serves', async () => {
      const all = await scene.certificatesOf(NAME);
      // On a slow machine the first has expired, and is refused until the gateway hears of the new one.
      const served = await scene.servedSerial(NAME).catch(() => null);
      return all.length > 1 && served === all.at(-1)?.serial;
    });
    expect(await scene.certificatesOf(NAME)).toHaveLength(2);
    expect(scene.done(NAME, 'newOrder')).toBe(2);
    expect(scene.done(NAME, 'finalize')).toBe(2);
    const story = await until('the region serves', () => scene.story(id).catch(() => null));
    const types = story.map(({ type }) => type);
    // One event or two: the hold of another name may come first, and then its own failure.
    expect(types.filter((type) => type === 'postponed').length).toBeLessThanOrEqual(2);
    const told = types.filter((type, index) => type !== 'expired' && type !== types[index - 1]);
    expect(told).toEqual([
      'queued',
      'ordered',
      'validated',
      'issued',
      'postponed',
      'ordered',
      'validated',
      'issued',
    ]);
  });

  it('is renewed in time, repeatedly, without requests', async () => {
    await until(
      'one more renewal',
      async () => {
        // Every handshake in between succeeds.
        await scene.servedSerial(NAME);
        return (await scene.certificatesOf(NAME)).length >= 3;
      },
      (LIFETIME_SECONDS + 5) * 1000,
    );
    const types = (await scene.story(id)).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['ordered', 'validated', 'issued']);
  });
});
