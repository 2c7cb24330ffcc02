import { Resolver } from 'node:dns/promises';
import { handshake } from '../support/tls-client.js';
import { GATEWAYS, SIDES, type MoveWorld, type Side } from './move-world.js';

const EVERY_MS = 40;

/** Visitors of a name, who go where the DNS leads: each makes a TLS handshake, and trusts the CA alone. */
export class MoveVisitors {
  readonly failures: string[] = [];
  readonly reached: Record<Side, number> = { eu: 0, us: 0 };
  /** The serial numbers that each region has served, in order. */
  readonly serials: Record<Side, string[]> = { eu: [], us: [] };

  readonly #running = new Set<Promise<void>>();
  readonly #resolver = new Resolver();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly world: MoveWorld,
    private readonly name: string,
  ) {
    this.#resolver.setServers([world.dns.dnsServer]);
    this.#timer = setInterval(() => {
      const visit = this.#visit()
        .catch((error: unknown) => void this.failures.push(String(error)))
        .finally(() => this.#running.delete(visit));
      this.#running.add(visit);
    }, EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
  }

  async #visit(): Promise<void> {
    const [address] = await this.#resolver.resolve4(this.name);
    const side = SIDES.find((each) => GATEWAYS[each] === address);
    if (side === undefined) {
      this.failures.push(`leads to ${address}`);
      return;
    }
    const wasUp = this.world.isUp(side);
    try {
      const { port, ca } = this.world.target(side);
      const socket = await handshake(port, { host: GATEWAYS[side], servername: this.name, ca });
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      this.reached[side] += 1;
      if (this.serials[side].at(-1) !== serialNumber) this.serials[side].push(serialNumber);
    } catch (error) {
      // A process that is dead, or still starts, serves nobody.
      if (wasUp && this.world.isUp(side)) this.failures.push(`${side}: ${String(error)}`);
    }
  }
}
