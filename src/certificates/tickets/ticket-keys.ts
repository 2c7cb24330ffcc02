import { createHmac, randomBytes } from 'node:crypto';
import { HOUR } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';

/** How long a key seals tickets, in milliseconds. */
export const TICKET_KEY_PERIOD = 6 * HOUR;
/** The longest time between a session and its resumption. */
export const TICKET_LIFETIME = 2 * HOUR;
export const TICKET_SECRET_BYTES = 32;

/** A secret of the region and when it is used, in performance.now(). */
export interface TicketKey {
  readonly secret: Buffer;
  readonly sealsFrom: number;
  readonly sealsUntil: number;
  /** Tickets that it sealed are opened until then. */
  readonly opensUntil: number;
}

/**
 * The secrets that seal the session tickets of one region. Until the database has answered, and whenever it has no key
 * for the time, a secret of this process alone seals them.
 */
export class TicketKeys {
  #own: readonly TicketKey[] = [];
  #shared: readonly TicketKey[] = [];
  #usable: readonly Buffer[] = [];
  #changesAt = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Replaces the secrets that all processes of the region have. */
  share(keys: readonly TicketKey[]): void {
    this.#shared = keys;
    this.#changesAt = -Infinity;
  }

  /** The first seals, all open. The same array until that changes. */
  usable(): readonly Buffer[] {
    const now = this.now();
    if (now >= this.#changesAt) this.#choose(now);
    return this.#usable;
  }

  #choose(now: number): void {
    const sealing = this.#shared.find((key) => seals(key, now)) ?? this.#ownKey(now);
    this.#own = this.#own.filter(({ opensUntil }) => now < opensUntil);
    const others = [...this.#shared, ...this.#own].filter(
      (key) => key !== sealing && now < key.opensUntil,
    );
    this.#usable = [sealing, ...others].map(({ secret }) => secret);
    const changes = [sealing, ...others].flatMap((key) => [
      key.sealsFrom,
      key.sealsUntil,
      key.opensUntil,
    ]);
    this.#changesAt = Math.min(...changes.filter((change) => change > now));
  }

  #ownKey(now: number): TicketKey {
    const current = this.#own.find((key) => seals(key, now));
    if (current !== undefined) return current;
    const sealsUntil = now + TICKET_KEY_PERIOD;
    const opensUntil = sealsUntil + TICKET_LIFETIME;
    const made = { secret: newTicketSecret(), sealsFrom: now, sealsUntil, opensUntil };
    this.#own = [...this.#own, made];
    return made;
  }
}

export function newTicketSecret(): Buffer {
  return randomBytes(TICKET_SECRET_BYTES);
}

function seals({ sealsFrom, sealsUntil }: TicketKey, now: number): boolean {
  return sealsFrom <= now && now < sealsUntil;
}

/** The keys of one host's tickets, in the form of Node's `ticketKeys`. */
export interface HostTicketKey {
  readonly whole: Buffer;
  /** Stands in clear in each ticket. */
  readonly name: Buffer;
  readonly hmac: Buffer;
  readonly aes: Buffer;
}

const PART_BYTES = 16;

/** Differs from host to host, so that no host opens the ticket of another. */
export function ticketKeyOf(secret: Buffer, hostname: Hostname): HostTicketKey {
  // 48 bytes, as Node's ticketKeys.
  const whole = createHmac('sha384', secret).update(`onetime ticket key ${hostname}`).digest();
  return {
    whole,
    name: whole.subarray(0, PART_BYTES),
    hmac: whole.subarray(PART_BYTES, 2 * PART_BYTES),
    aes: whole.subarray(2 * PART_BYTES),
  };
}
