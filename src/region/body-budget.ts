import { SECOND } from '../shared/durations.js';
import { Members } from '../shared/members.js';
import { BODY_LIMITS, type BodyLimits } from './body-limits.js';

/** Why no more bytes are taken: everybody's together are too many, or those of the client's networks. */
export type BodyRefusal = 'all' | 'network';

export interface BodyOwner {
  /** The networks whose share the body takes: first that of the address, then the one around it. */
  readonly networks: readonly [address: string, network: string];
  /** Whether the connection has ended, so that nobody waits for an answer. */
  isGone(): boolean;
  /** Called once, when the body is past its deadline or below the least rate. */
  onLate(): void;
  /** Ends the connection without an answer. False: it may carry other requests. */
  endConnection(): boolean;
}

interface BudgetOptions {
  readonly limits?: BodyLimits;
  /** False lifts the shares of networks. */
  readonly limitsNetworks: boolean;
  readonly now?: () => number;
}

/**
 * The memory of a process for request bodies, with a share for each network, and the deadlines of the bodies that are
 * being read. One for all cells: they share the memory.
 */
export class BodyBudget {
  readonly limits: BodyLimits;
  readonly #bodies = new Members<HeldBody>();
  readonly #byNetwork = new Map<string, number>();
  readonly #now: () => number;
  readonly #refused = { all: 0, network: 0, late: 0 };
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BudgetOptions) {
    this.limits = options.limits ?? BODY_LIMITS;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Bytes that are reserved now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many bodies were not read to their end, by reason, since the start. */
  get refused(): Readonly<Record<BodyRefusal | 'late', number>> {
    return this.#refused;
  }

  /** Bodies that are being read or answered now. */
  get count(): number {
    return this.#bodies.size;
  }

  /** A body from now on, without bytes. It must be released. */
  open(owner: BodyOwner): HeldBody {
    const body = new HeldBody(owner, this.#now(), {
      reserve: (bytes) => {
        const refusal = this.#reserve(owner, bytes);
        if (refusal !== null) this.#refused[refusal] += 1;
        return refusal;
      },
      release: () => leave() && this.#giveBack(body),
    });
    const leave = this.#bodies.add(body);
    this.#timer ??= setInterval(() => this.check(), this.limits.checkInterval).unref();
    return body;
  }

  /**
   * Ends the connection whose body has been arriving longest: nothing was done for it yet. False: none has for so many
   * milliseconds.
   */
  endOldest(leastMs: number): boolean {
    const now = this.#now();
    for (const { openedAt, isComplete, owner } of this.#bodies) {
      if (now - openedAt < leastMs) return false;
      if (!isComplete && !owner.isGone() && owner.endConnection()) return true;
    }
    return false;
  }

  /** Ends the bodies that may be slow only while there is room for others. */
  hurry(): void {
    this.check(this.limits.graceWhenFull);
  }

  /** Ends bodies that are late, and gives back those of ended connections. A timer calls it. */
  check(grace = this.limits.grace): void {
    const now = this.#now();
    for (const body of this.#bodies) {
      if (body.owner.isGone()) body.release();
      else if (!body.isComplete && this.#isLate(body, now - body.openedAt, grace)) {
        this.#refused.late += 1;
        body.complete();
        body.owner.onLate();
      }
    }
  }

  #isLate({ received }: HeldBody, age: number, grace: number): boolean {
    const { deadline, bytesPerSecond } = this.limits;
    return age > deadline || received < ((age - grace) / SECOND) * bytesPerSecond;
  }

  #reserve({ networks }: BodyOwner, bytes: number): BodyRefusal | null {
    const { bytesInAll, bytesKept, bytesOfLittle, bytesOfAddress, bytesOfNetwork } = this.limits;
    const [address, network] = networks;
    const ofNetwork = this.#of(network) + bytes;
    const hasAll = !this.options.limitsNetworks || ofNetwork <= bytesOfLittle;
    if (this.#bytes + bytes > bytesInAll - (hasAll ? 0 : bytesKept)) return 'all';
    const isOverShare = this.#of(address) + bytes > bytesOfAddress || ofNetwork > bytesOfNetwork;
    if (this.options.limitsNetworks && isOverShare) return 'network';
    this.#add(networks, bytes);
    return null;
  }

  #giveBack(body: HeldBody): void {
    this.#add(body.owner.networks, -body.reserved);
    if (this.#bodies.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #add(networks: readonly string[], bytes: number): void {
    this.#bytes += bytes;
    for (const network of networks) {
      const sum = this.#of(network) + bytes;
      if (sum === 0) this.#byNetwork.delete(network);
      else this.#byNetwork.set(network, sum);
    }
  }

  #of(network: string): number {
    return this.#byNetwork.get(network) ?? 0;
  }
}

interface BudgetPart {
  reserve(bytes: number): BodyRefusal | null;
  release(): void;
}

/** What one body holds of the budget. */
export class HeldBody {
  #reserved = 0;
  #received = 0;
  #isComplete = false;

  constructor(
    readonly owner: BodyOwner,
    readonly openedAt: number,
    private readonly budget: BudgetPart,
  ) {}

  get reserved(): number {
    return this.#reserved;
  }

  get received(): number {
    return this.#received;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** More bytes of the client have arrived: they count for its rate. */
  receive(bytes: number): void {
    this.#received += bytes;
  }

  /** Takes so many more bytes of memory, or none and says why. */
  reserve(bytes: number): BodyRefusal | null {
    const refusal = this.budget.reserve(bytes);
    if (refusal === null) this.#reserved += bytes;
    return refusal;
  }

  /** No more bytes come: the deadlines end. The memory stays reserved until release(). */
  complete(): void {
    this.#isComplete = true;
  }

  /** Gives the memory back. May be called again. */
  release(): void {
    this.budget.release();
  }
}
