import { setTimeout as delay } from 'node:timers/promises';
import { signal } from '../../src/database/embedded/process-id.js';
import { childrenOf } from '../support/child-processes.js';
import { DomainScene } from '../support/domain-scene.js';
import { REGION_HOST } from '../support/domain-scene-services.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { until } from '../support/until.js';
import type { FaultRun } from './fault-run.js';
import type { Random } from './random.js';

export type KillKind = 'gateway' | 'all gateways' | 'worker' | 'database' | 'database session';

const GATEWAYS = 2;
const ANSWER_WITHIN = 20_000;
const LINES_MAX = 40;
/** Of certificates in the long form: several renewals of each name, and minutes for an attempt that a kill has ended. */
const LIFETIME_SECONDS = 900;

/** Gateways, a database and a CA, of which some process is killed again and again while clients go on. */
export class KillScene {
  readonly killed: Record<KillKind, number> = {
    gateway: 0,
    'all gateways': 0,
    worker: 0,
    database: 0,
    'database session': 0,
  };

  #served = 0;
  #servedAt = performance.now();
  #longestGapMs = 0;

  private constructor(
    readonly scene: DomainScene,
    private readonly random: Random,
    private readonly ca: string,
  ) {}

  static async start({ random, isLong }: FaultRun): Promise<KillScene> {
    const lifetime = isLong ? { validitySeconds: LIFETIME_SECONDS } : {};
    const scene = await DomainScene.start(GATEWAYS, lifetime);
    return new KillScene(scene, random, (await scene.target(REGION_HOST)).ca);
  }

  get kills(): number {
    return Object.values(this.killed).reduce((sum, count) => sum + count, 0);
  }

  /** How long nobody has been served now, and at most so far. */
  get gapMs(): number {
    return performance.now() - this.#servedAt;
  }

  get longestGapMs(): number {
    return Math.round(Math.max(this.#longestGapMs, this.gapMs));
  }

  /** What each gateway says of itself, and the ends of their logs. */
  async describe(): Promise<string> {
    const parts = this.scene.gateways.map(async (gateway) => {
      const ready = await gateway
        .ops('/readyz')
        .then((answer) => answer.text())
        .catch(String);
      const lines = gateway.logs.split('\n').filter((line) => !line.includes('"msg":"request"'));
      return [`gateway ${gateway.child.pid}: ${ready}`, ...lines.slice(-LINES_MAX)].join('\n');
    });
    return (await Promise.all(parts)).join('\n');
  }

  /** What the gateways that run now have logged of faults of their own. */
  get faults(): string[] {
    return this.scene.gateways
      .flatMap(({ logs }) => logs.split('\n'))
      .filter((line) => /"msg":"(?:request|handler) failed"/.test(line));
  }

  /** To a gateway that runs now, on a connection of its own. */
  readonly send = async (request: Call): Promise<Answer | null> => {
    const gateway = this.random.pick<GatewayProcess>(this.scene.gateways);
    if (gateway === undefined) {
      await delay(50);
      return null;
    }
    const target = { host: REGION_HOST, port: gateway.ports.https, ca: this.ca };
    const answer = call(target, request).catch(() => null);
    const late = delay(ANSWER_WITHIN, null, { ref: false });
    const got = await Promise.race([answer, late]);
    // Somebody who was refused asks again a little later.
    if (got?.status === 200) this.#countServed();
    if (got === null || got.status === 503) await delay(this.random.below(200));
    return got;
  };

  #countServed(): void {
    this.#longestGapMs = Math.max(this.#longestGapMs, this.gapMs);
    this.#servedAt = performance.now();
    this.#served += 1;
  }

  /** One after the other at random moments, until so many processes were killed. */
  async killGateways(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.#pause(1500, isOver);
      if (this.random.chance(0.3) && this.killWorker()) continue;
      await (this.random.chance(0.15) ? this.killEveryGateway() : this.killGateway());
    }
  }

  async killDatabases(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.#pause(2500, isOver);
      await (this.random.chance(0.5) ? this.killDatabase() : this.killSession());
    }
  }

  /** Mostly until clients are served again: what stands still cannot be hit at an interesting moment. */
  async #pause(millisecondsMax: number, isOver: () => boolean): Promise<void> {
    const servedBefore = this.#served;
    await delay(this.random.below(millisecondsMax));
    if (this.random.chance(0.2)) return;
    await until('a client is served', () => this.#served > servedBefore || isOver());
  }

  async killGateway(): Promise<void> {
    const chosen = this.random.pick<GatewayProcess>(this.scene.gateways);
    if (chosen === undefined) return;
    await this.scene.kill([chosen]);
    this.killed.gateway += 1;
    await this.#startAgain(1);
  }

  async killEveryGateway(): Promise<void> {
    const count = this.scene.gateways.length;
    await this.scene.kill();
    this.killed['all gateways'] += count;
    await this.#startAgain(count);
  }

  /** One of a gateway that has several; its supervisor starts another. False: none has. */
  killWorker(): boolean {
    const workers = this.scene.gateways.flatMap(({ child }) => childrenOf(Number(child.pid)));
    const chosen = this.random.pick<number>(workers);
    if (chosen === undefined) return false;
    signal(chosen, 'SIGKILL');
    this.killed.worker += 1;
    return true;
  }

  async killDatabase(): Promise<void> {
    await this.scene.database.kill();
    this.killed.database += 1;
    await this.scene.database.restart();
  }

  async killSession(): Promise<void> {
    if (this.scene.database.killSession((count) => this.random.below(count)))
      this.killed['database session'] += 1;
  }

  /** Every other gateway serves by two workers. */
  #workers(): Record<string, string> {
    return this.random.chance(0.5) ? { GATEWAY_WORKERS: '2' } : {};
  }

  /** Sometimes the next kill comes while the process is still starting. */
  async #startAgain(count: number): Promise<void> {
    const started = await Promise.all(
      Array.from({ length: count }, () => this.scene.spawnGateway(this.#workers())),
    );
    if (this.random.chance(0.25)) await delay(this.random.below(1500));
    else await Promise.all(started.map((gateway) => gateway.ready()));
  }
}
