import type { DnsTransport } from '../../dns/dns-server.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import type { Network } from '../../shared/network.js';
import { LookupLimiter } from '../lookup-limiter.js';
import type { NameserverLimits } from './nameserver-limits.js';

/** `truncate`: the client is to come by TCP, which shows that it is where it says. */
export type Charge = 'answer' | 'truncate' | 'drop';

const EVERYBODY = 'everybody';
const NETWORKS_MAX = 20_000;

interface BudgetOptions {
  readonly limits: NameserverLimits;
  /** Counts what TCP clients look for in vain, with their handshakes and requests for names that nobody has. */
  readonly limiter: LookupLimiter;
  readonly now?: () => number;
}

/** Counts the questions of each network, before they are read, and the reads that found nothing. */
export class QuestionBudget {
  readonly #answers: Readonly<Record<DnsTransport, LookupLimiter>>;
  readonly #datagrams: LookupLimiter;
  readonly #datagramsOfShown: LookupLimiter;
  readonly #truncations: LookupLimiter;
  readonly #missesOfNetworks: LookupLimiter;
  readonly #misses: LookupLimiter;
  readonly #tcpMisses: LookupLimiter;
  /** Networks that have come by TCP, which nobody does from a forged address. */
  readonly #shown = boundedCache<Network, true>(NETWORKS_MAX);
  /** By network: how many datagrams were over its limit. */
  readonly #over = boundedCache<Network, number>(NETWORKS_MAX);

  constructor({ limits, limiter, now = () => performance.now() }: BudgetOptions) {
    const answers = { burst: limits.answerBurst, perSecond: limits.answersPerSecond, now };
    this.#answers = { udp: new LookupLimiter(answers), tcp: new LookupLimiter(answers) };
    const { datagramBurst: burst, datagramsPerSecond: perSecond } = limits;
    this.#datagrams = new LookupLimiter({ burst, perSecond, now });
    this.#datagramsOfShown = new LookupLimiter({ burst, perSecond, now });
    this.#truncations = new LookupLimiter({ burst, perSecond, now });
    this.#missesOfNetworks = new LookupLimiter({
      burst: limits.networkMissBurst,
      perSecond: limits.networkMissesPerSecond,
      now,
    });
    this.#misses = new LookupLimiter({
      burst: limits.missBurst,
      perSecond: limits.missesPerSecond,
      now,
    });
    this.#tcpMisses = limiter;
  }

  chargeDatagram(network: Network): Charge {
    // The network first: one that floods must not use up what is for everybody.
    if (this.#answers.udp.takeToken(network)) {
      const bucket = this.#shown.has(network) ? this.#datagramsOfShown : this.#datagrams;
      if (bucket.takeToken(EVERYBODY)) return 'answer';
      // Forged sources in many networks: whoever comes by TCP then is told apart from them.
      return this.#truncations.takeToken(EVERYBODY) ? 'truncate' : 'drop';
    }
    const over = (this.#over.get(network) ?? 0) + 1;
    this.#over.set(network, over);
    // Silence alone would cut a resolver off whose address somebody forges.
    if (over % 2 === 1) return 'drop';
    return this.#truncations.takeToken(EVERYBODY) ? 'truncate' : 'drop';
  }

  /** False: the connection is to be closed. */
  chargeStreamed(network: Network): boolean {
    this.#shown.set(network, true);
    return this.#answers.tcp.takeToken(network);
  }

  /** False: the question must not reach the database. */
  takeRead(network: Network, transport: DnsTransport): boolean {
    if (transport === 'tcp') return this.#tcpMisses.takeToken(network);
    if (!this.#missesOfNetworks.takeToken(network)) return false;
    if (this.#misses.takeToken(EVERYBODY)) return true;
    this.#missesOfNetworks.returnToken(network);
    return false;
  }

  /** The read found something. */
  returnRead(network: Network, transport: DnsTransport): void {
    if (transport === 'tcp') return this.#tcpMisses.returnToken(network);
    this.#missesOfNetworks.returnToken(network);
    this.#misses.returnToken(EVERYBODY);
  }
}
