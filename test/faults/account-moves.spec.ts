import { DomainScene } from '../support/domain-scene.js';
import { call, type Answer } from '../support/https-client.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { AccountMoves, APEX, codeIn, type Holder, type Stop } from './account-moves.js';
import { faultRun, say } from './fault-run.js';

const run = faultRun();
const ROUNDS = 60;
const ROUNDS_TIME_MAX = ROUNDS * 20_000;
/** The kills come nearer to the moment in which a request gives the name, whatever the machine. */
const FIRST_MOMENT_MS = 60;
const NEARER = 0.8;

describeWithPebble('a pair of names that accounts give to each other', () => {
  let scene: DomainScene;
  let moves: AccountMoves;
  let giver: Holder;
  let taker: Holder;
  let others: Holder[];
  let secret: { secret_key: string; metadata_key: string };
  let maker: Holder;

  beforeAll(async () => {
    scene = await DomainScene.start(2);
    [giver, taker, ...others] = (await AccountMoves.holders(scene, 20)) as [Holder, Holder];
    moves = await AccountMoves.start(scene, giver);
    maker = giver;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ brand: { product_name: 'Of the name' } });
    const path = `/api/domains/${moves.ids.apex}/brand`;
    expect((await moves.send(giver, { method: 'PUT', path, headers, body })).status).toBe(200);
    const request = { path: '/api/v1/share', body: { secret: 'swan', share_domain: APEX } };
    secret = (await moves.send(giver, request)).json();
  });
  afterAll(async () => {
    await moves?.stop();
    await scene?.stop();
  });

  const swap = () => ([giver, taker] = [taker, giver]);
  /** The receiver enters it until there is an answer, and once more: the name is where it was given. */
  const enter = async (code: string): Promise<void> => {
    for (let again = 0; again < 2; again += 1) {
      const got = await moves.enter(taker, code);
      expect([got.status, got.json()]).toMatchObject([200, { record: { id: moves.ids.apex } }]);
    }
    expect(await moves.faultsOf(taker)).toEqual([]);
    swap();
  };
  const isRefused = ({ status, text }: Answer): boolean =>
    status === 422 && text.includes('TRANSFER_CODE');

  const ALL_STOPS: readonly Stop[] = ['claims', 'commit', 'answer'];
  it.each(run.isLong ? ALL_STOPS : (['commit', 'answer'] as const))(
    'have one owner when the receiver’s gateway is killed before its %s',
    async (stop) => {
      const isGiven = stop === 'answer';
      const code = await moves.codeOf(giver);
      await moves.killAt(stop, (victim) => moves.enter(taker, code, victim));
      expect(await moves.faultsOf(isGiven ? taker : giver)).toEqual([]);
      await enter(code);
    },
  );

  // Each kill costs two seconds or more: the short form has the two that tell most.
  if (run.isLong) {
    it.each(ALL_STOPS)(
      'are on offer by one code when the gateway is killed before its %s',
      async (stop) => {
        const earlier = await moves.codeOf(giver);
        await moves.killAt(stop, (victim) => moves.offer(giver, victim));
        expect(await moves.faultsOf(giver)).toEqual([]);
        // The code that nobody has seen gives nothing to anybody; the owner makes another.
        if (stop === 'answer') expect(isRefused(await moves.enter(taker, earlier))).toBe(true);
        const code = await moves.codeOf(giver);
        expect(isRefused(await moves.enter(taker, earlier))).toBe(true);
        await enter(code);
      },
    );

    it(
      'have one owner whenever a gateway is killed',
      async () => {
        let [given, moment] = [0, FIRST_MOMENT_MS];
        for (let round = 0; round < ROUNDS; round += 1) {
          const code = await moves.codeOf(giver);
          const late = moves.killAfter(run.random.below(2 * moment), async (victim) => {
            const taken = moves.enter(taker, code, victim);
            if (run.random.chance(0.3)) await moves.takeBack(giver, victim).catch(() => null);
            await taken;
          });
          await late;
          const [owner] = await scene.query<{ id: string }>(
            'select account_id as id from domains where extid = $1 and removed_at is null',
            [moves.ids.apex],
          );
          const isGiven = owner?.id === taker.id;
          expect(await moves.faultsOf(isGiven ? taker : giver)).toEqual([]);
          if (isGiven) given += 1;
          moment = isGiven ? moment * NEARER : moment / NEARER;
          await enter(isGiven ? code : await moves.codeOf(giver));
        }
        say(`${ROUNDS} gateways killed while a name was given, ${given} after it was`);
        expect(given).toBeGreaterThan(0);
        expect(given).toBeLessThan(ROUNDS);
      },
      ROUNDS_TIME_MAX,
    );
  }

  it('go to one of twenty callers at two gateways, and to nobody by a code that has ended', async () => {
    const code = await moves.codeOf(giver);
    const callers = [taker, ...others, giver];
    const answers = await Promise.all(
      callers.map((caller, index) =>
        moves.enter(caller, code, index % 2 === 0 ? moves.survivor : moves.victim),
      ),
    );
    const winners = callers.filter((_, index) => answers[index]?.status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(callers.length - 1);
    const [winner] = winners as [Holder];
    expect(await moves.faultsOf(winner)).toEqual([]);
    // Its first answer may have been lost; nobody else gets the name by it, the former owner neither.
    expect((await moves.enter(winner, code, moves.victim)).status).toBe(200);
    for (const late of callers.filter((caller) => caller !== winner))
      expect(isRefused(await moves.enter(late, code))).toBe(true);

    const old = await moves.codeOf(winner);
    await scene.query(`update domain_transfers set expires_at = now() where state = 'offered'`);
    expect(isRefused(await moves.enter(giver, old))).toBe(true);
    expect(await moves.faultsOf(winner)).toEqual([]);
    [giver, taker] = [winner, giver];
  });

  it('are taken back or given, never both', async () => {
    for (let round = 0; round < (run.isLong ? 200 : 10); round += 1) {
      const code = await moves.codeOf(giver);
      const [taken, back] = await Promise.all([
        moves.enter(taker, code, moves.survivor),
        moves.takeBack(giver, moves.victim),
      ]);
      expect([
        [200, 404],
        [422, 200],
      ]).toContainEqual([taken.status, back.status]);
      if (taken.status === 200) swap();
      expect(await moves.faultsOf(giver)).toEqual([]);
    }
  });

  it('kept their look, the secrets stayed with their maker, and no code is in a log', async () => {
    const brand = await moves.send(giver, { path: `/api/domains/${moves.ids.apex}/brand` });
    expect(brand.json()).toMatchObject({ record: { product_name: 'Of the name' } });
    const listOf = async (holder: Holder) =>
      (await moves.send(holder, { path: '/api/v2/receipt/recent' })).text;
    const { metadata_key: receipt, secret_key: key } = secret;
    expect(await listOf(maker)).toContain(receipt);
    for (const holder of [giver, taker, ...others].filter((each) => each !== maker))
      expect(await listOf(holder)).not.toContain(receipt);
    const path = `/api/v1/secret/${key}`;
    const opened = await call(await scene.target(APEX, moves.survivor), { method: 'POST', path });
    expect(opened.json()).toMatchObject({ value: 'swan' });
    expect(moves.handshakes).toBeGreaterThan(10);
    expect(moves.codes.length).toBeGreaterThan(10);
    const logs = moves.survivor.logs.replaceAll('-', '');
    expect(moves.codes.filter((code) => logs.includes(code.slice(3).replaceAll('-', '')))).toEqual(
      [],
    );
    expect(codeIn(await moves.offer(giver))).toMatch(/^eu-/);
    say(
      `${moves.handshakes} visits of names that were given away, ${moves.unserved.length} failed`,
    );
  });
});
