import { setTimeout as delay } from 'node:timers/promises';
import { describeWithPebble } from '../support/pebble-program.js';
import { faultRun, say } from './fault-run.js';
import { KillScene } from './kill-scene.js';
import { OrderLedger } from './order-ledger.js';
import { SecretTraffic } from './secret-traffic.js';
import { TokenTraffic } from './token-traffic.js';

const run = faultRun();
const HOURS = 3_600_000;
const CLIENTS = run.isLong ? 4 : 3;
const NAMES = run.isLong ? 24 : 3;
const REPORT_EVERY = 25;
const HASTEN_EVERY_MS = 2000;
/** A gap that is as long as this one is described. */
const GAP_SAID_MS = 30_000;

describeWithPebble(
  `${run.kills} processes killed at random moments (seed ${run.random.seed})`,
  () => {
    let world: KillScene;
    let orders: OrderLedger;
    let secrets: SecretTraffic;
    let tokens: TokenTraffic;

    beforeAll(async () => {
      world = await KillScene.start(run);
      orders = new OrderLedger(world.scene);
      secrets = new SecretTraffic(world.send, run.random);
      const { auth } = await world.scene.customer();
      tokens = new TokenTraffic(world.send, auth, run.random);
      await tokens.start();
      // Its order is in work when the kills begin. Of those below each claim may lose its answer in a short run.
      expect(await orders.add('secrets.killed-0.test')).toBe(true);
    });
    afterAll(() => world?.scene.stop());

    it(
      'no secret is read twice or lost, no certificate is ordered twice, nothing stays leased',
      async () => {
        let hasFailed = false;
        const isOver = (): boolean => hasFailed || world.kills >= run.kills;
        const all = [
          world.killGateways(isOver),
          world.killDatabases(isOver),
          ...Array.from({ length: CLIENTS }, () => repeat(() => secrets.step(), isOver)),
          repeat(() => tokens.step(), isOver),
          addNames(isOver),
          repeat(hasten, isOver),
          report(isOver),
        ];
        // When one of them fails, the others end too.
        for (const each of all) each.catch(() => (hasFailed = true));
        await Promise.allSettled(all);
        await Promise.all(all);

        const { longestGapMs } = world;
        // Nobody who holds a lease survives.
        await world.scene.kill();
        await world.scene.startGateway();
        await secrets.settle();
        await tokens.settle();
        await orders.settle();
        const found = [...secrets.violations, ...tokens.violations, ...(await orders.violations())];
        say(
          `killed ${JSON.stringify(world.killed)}; at most ${longestGapMs} ms in which nobody was served`,
        );
        say(`secrets ${JSON.stringify(secrets.counts)}, tokens ${JSON.stringify(tokens.counts)}`);
        say(`names ${orders.names.length}, ${JSON.stringify(await orders.counts())}`);
        expect(found).toEqual([]);
        expect(secrets.counts.read).toBeGreaterThan(0);
        expect(secrets.counts.burned).toBeGreaterThan(0);
        expect(tokens.counts.rotated).toBeGreaterThan(0);
        expect(orders.names).not.toEqual([]);
      },
      run.isLong ? 3 * HOURS : undefined,
    );

    /** A new name now and then: later ones meet other kills. */
    async function addNames(isOver: () => boolean): Promise<void> {
      let next = 0;
      await repeat(async () => {
        const share = (world.kills / run.kills) * NAMES;
        await delay(100);
        if (orders.names.length >= Math.min(NAMES, share + 1)) return;
        // After a claim without an answer the name may be taken: another one then.
        await orders.add(`secrets.killed-${(next += 1)}.test`);
      }, isOver);
    }

    async function hasten(): Promise<void> {
      await delay(HASTEN_EVERY_MS);
      // Nor does it matter that the database is away.
      await orders.hasten().catch(() => undefined);
    }

    async function report(isOver: () => boolean): Promise<void> {
      let [said, gaps, wrong] = [0, 0, 0];
      await repeat(async () => {
        await delay(200);
        const gap = Math.floor(world.gapMs / GAP_SAID_MS);
        if (gap > gaps) say(`nobody served for ${world.gapMs} ms\n${await world.describe()}`);
        gaps = gap;
        const violations = [...secrets.violations, ...tokens.violations];
        if (violations.length > wrong)
          say(`wrong: ${JSON.stringify(violations.slice(wrong))}\n${world.faults.join('\n')}`);
        wrong = violations.length;
        if (world.kills < said + REPORT_EVERY) return;
        said = world.kills;
        say(`${said} killed; ${JSON.stringify(secrets.counts)}; ${violations.length} wrong`);
      }, isOver);
    }
  },
);

async function repeat(step: () => Promise<unknown>, isOver: () => boolean): Promise<void> {
  while (!isOver()) await step();
}
