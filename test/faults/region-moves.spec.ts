import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { transferEn } from '../../src/pages/messages/transfer/en.js';
import { DomainClient } from '../support/domain-client.js';
import { call } from '../support/https-client.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { textsIn, wordsOf } from './crossing.js';
import { faultRun, say } from './fault-run.js';
import { MOVE_CUTS, SHORT_CUTS, type MoveCut } from './move-cuts.js';
import { MoveJourney } from './move-journey.js';
import { GATEWAYS, SIDES, MoveWorld, type Side } from './move-world.js';

/** Of what both databases have: names that the DNS tells everybody, the CA, migrations, instants, and types of events. */
const PUBLIC = [
  /(?:^|\.)onetime\.localhost$/,
  /^_acme-challenge\.[a-z0-9.-]+\.test$/,
  /^https:\/\/127\.0\.0\.1:\d+\/dir$/,
  /^[A-Za-z]+1795\d{9}$/,
  /^\d{4}-\d{2}-\d{2}T[\d:.+Z]+$/,
  /^[a-z_]+\.[a-z_]+$/,
];

/** The beginning of what the page says; the name of the other region follows. */
const NOTICES: Record<Side, string> = {
  eu: transferEn['move.out.ready_to_switch'].split('{region}')[0] ?? '',
  us: transferEn['move.in.ready_to_switch'].split('.')[0] ?? '',
};

const run = faultRun();
/** A part of the titles of the cuts to make in the long form. */
const { CUTS } = process.env;

describeWithPebble('the move of a name between two regions', () => {
  let world: MoveWorld;
  let names = 0;
  beforeAll(async () => {
    world = await MoveWorld.open();
  });
  afterAll(() => world?.close());

  async function setOut(): Promise<MoveJourney> {
    const name = `secrets.moving-${(names += 1)}.test`;
    const [owner, receiver] = await Promise.all(SIDES.map((side) => world.customer(side)));
    const journey = new MoveJourney(world, name, owner as never, receiver as never);
    await journey.begin();
    return journey;
  }

  /** One owner, one certificate, and the link opens. */
  async function settled({ name, secretKey, visitors, there }: MoveJourney): Promise<void> {
    expect(visitors.failures).toEqual([]);
    // The name had one certificate in each region, and was served by the one to which it led.
    expect([visitors.serials.eu.length, visitors.serials.us.length]).toEqual([1, 1]);
    const held = await Promise.all(
      SIDES.map((side) =>
        world.query<{ extid: string }>(
          side,
          `select extid from domains where hostname = $1 and removed_at is null and ownership <> 'revoked'`,
          [name],
        ),
      ),
    );
    expect(held).toEqual([[], [{ extid: there?.id }]]);
    const certified = await world.query(
      'us',
      'select 1 from certificates where hostname = $1 and superseded_at is null and destroyed_at is null',
      [name],
    );
    expect(certified).toHaveLength(1);
    const opened = await call(world.target('eu'), {
      method: 'POST',
      path: `/api/v1/secret/${secretKey}`,
    });
    expect(opened.json()).toMatchObject({ value: `kept for ${name}` });
  }

  /** The page of the domain, by a link for the administrator of its DNS. */
  async function pageOf(journey: MoveJourney, side: Side): Promise<string> {
    const [client, id] =
      side === 'eu' ? [journey.owner, journey.old.id] : [journey.receiver, journey.there?.id];
    const made = await client.send('POST', `/${id}/setup-link`, {});
    const { url } = made.json<{ record: { url: string } }>().record;
    const { text } = await call(world.target(side), { path: new URL(url).pathname });
    return text;
  }

  /** Where the old region's gateway sends a CA that asks for a token. */
  function redirectOf(name: string, path: string): Promise<string | undefined> {
    const target = { host: GATEWAYS.eu, port: world.ports.http, path, headers: { host: name } };
    return new Promise((resolve, reject) => {
      get(target, (response) => resolve(response.resume().headers.location)).on('error', reject);
    });
  }

  it('gets its certificate in the new region first, serves throughout, and nothing is lost', async () => {
    const journey = await setOut();
    const { name, visitors } = journey;
    await journey.offer();
    // The credentials of one region are nothing in the other.
    const stranger = new DomainClient(() => world.target('us'), journey.owner.auth);
    const refused = await stranger.send('POST', '/transfers', { code: journey.code });
    expect(refused.status).toBe(401);
    await journey.arrive();
    await journey.reach('ready_to_switch');

    // The CA came to the old region, which sent it on: the new one answered by the token.
    const asked = world.relay('us').seen.filter(({ path }) => path.includes('/acme-challenge/'));
    expect(asked.map(({ status }) => status)).toContain(200);
    const path = asked[0]?.path ?? '';
    expect(await redirectOf(name, path)).toBe(
      `https://us.onetime.localhost:${world.ports.https}${path}`,
    );
    expect(visitors.reached.us).toBe(0);
    expect(visitors.serials.eu).toHaveLength(1);

    // One picture, in both regions, in the API and on the page.
    const pictures = await Promise.all(SIDES.map((side) => journey.seen(side)));
    expect(pictures.map(({ move }) => move)).toMatchObject([
      { direction: 'out', region: 'us', state: 'ready_to_switch', silence: null },
      { direction: 'in', region: 'eu', state: 'ready_to_switch', silence: null },
    ]);
    for (const side of SIDES) expect(await pageOf(journey, side)).toContain(NOTICES[side]);

    await journey.switch();
    await journey.reach('switched');
    // Both serve: resolvers remember where the name led.
    for (const side of SIDES)
      expect((await call(world.target(side, name), { path: '/api/v1/status' })).status).toBe(200);
    await journey.twoDaysLater();
    await journey.end();
    await visitors.stop();
    await settled(journey);
    await nothingCrossed(journey);
  });

  /** What one region tells the other is a code, a name, an id and states; what both have is public. */
  async function nothingCrossed({ name, code, there }: MoveJourney): Promise<void> {
    const words = SIDES.flatMap((side) => wordsOf(world.relay(side).seen));
    expect(words.length).toBeGreaterThan(4);
    expect([...new Set(words.flatMap((each) => Object.keys(each)))].toSorted()).toEqual(
      ['code', 'hostname', 'id', 'region', 'state'].toSorted(),
    );
    const [eu, us] = await Promise.all(SIDES.map((side) => textsIn(world, side)));
    const both = [...(eu as Set<string>)].filter((text) => us?.has(text));
    const id = await world.query<{ id: string; hash: string }>(
      'us',
      `select m.id, '\\x' || encode(code_hash, 'hex') as hash from domain_moves m
       join domains d on d.id = m.domain_id where d.extid = $1`,
      [there?.id],
    );
    const known = new Set([name, code, ...id.flatMap((each) => Object.values(each))]);
    const isPublic = (text: string) => known.has(text) || PUBLIC.some((each) => each.test(text));
    expect(both.filter((text) => !isPublic(text))).toEqual([]);
  }

  const each =
    CUTS === undefined ? MOVE_CUTS : MOVE_CUTS.filter(({ title }) => title.includes(CUTS));
  const cuts: readonly (readonly MoveCut[])[] = run.isLong
    ? each.map((cut) => [cut])
    : [SHORT_CUTS];
  it.each(cuts.map((some) => [some.map(({ title }) => title).join(', then '), some] as const))(
    'ends by itself when a gateway is killed: %s',
    async (title, some) => {
      const journey = await setOut();
      const armed = await Promise.all(some.map((cut) => cut.arm(journey)));
      try {
        await journey.go();
      } finally {
        await Promise.all(armed.map(({ disarm }) => disarm()));
      }
      const late = delay(1000, false);
      for (const { killed } of armed)
        expect(await Promise.race([killed.then(() => true), late])).toBe(true);
      await settled(journey);
      say(`killed ${title}: visits ${JSON.stringify(journey.visitors.reached)}`);
    },
  );
});
