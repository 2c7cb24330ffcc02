import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../../database/change-feed.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import { AppError } from '../../shared/app-error.js';
import { Clock } from '../../shared/clock.js';
import { SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import type { ServedCertificateRow } from '../../domains/serving/served-domain.js';
import { UnreadableKeyError } from '../key-vault.js';
import { CertificateStore } from '../stores/certificate.store.js';
import { hostCache } from './host-cache.js';
import { HostServers, type HostServer } from './host-server.js';

interface CachedContext {
  readonly context: HostServer;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** The name has changed since this was read. */
  isStale: boolean;
}

/** Each context takes some 30 KB outside V8's heap. */
const CAPACITY = 1000;
const MISSES_MAX = 10_000;
/** Certificates that came with the look-up of their name, for the handshake that has caused it. */
const OFFERS_MAX = 200;
const OFFER_LASTS = 10 * SECOND;
/** A bound for a missed announcement of a new certificate. */
const MISS_LASTS = 30 * SECOND;

/**
 * The TLS of the certificates in the database: one query for a name that is not in memory, none for one that is or that
 * was looked up just now.
 * While the database is unreachable, contexts in memory keep serving until they expire.
 */
@Injectable()
export class StoredContexts {
  readonly #cached = hostCache<CachedContext>(CAPACITY);
  readonly #misses = boundedCache<Hostname, true>(MISSES_MAX, { ttl: MISS_LASTS });
  /** Certificates that cannot be used, with the error: a handshake after the other asks the database no more. */
  readonly #failures = boundedCache<Hostname, { readonly error: unknown }>(MISSES_MAX, {
    ttl: MISS_LASTS,
  });
  readonly #offers = boundedCache<Hostname, ServedCertificateRow>(OFFERS_MAX, { ttl: OFFER_LASTS });
  readonly #turns = new Turns();
  readonly #reading = new Map<Hostname, Promise<HostServer | null>>();

  constructor(
    private readonly certificates: CertificateStore,
    private readonly clock: Clock,
    private readonly servers: HostServers,
    feed: ChangeFeed,
  ) {
    feed.on((hostname) => this.#refresh(hostname));
  }

  /**
   * Null: the name has no certificate. Rejects when the certificate cannot be used, and with AppError `unavailable` when
   * the database is unreachable.
   */
  find(hostname: Hostname): HostServer | Promise<HostServer | null> | null {
    const cached = this.#cached.get(hostname);
    if (cached !== undefined && !cached.isStale && !this.#isExpired(cached)) return cached.context;
    if (cached === undefined && this.#misses.has(hostname)) return null;
    const failure = this.#failures.get(hostname);
    if (failure !== undefined) return Promise.reject(failure.error);
    return this.#read(hostname);
  }

  /** The certificate as it was read a moment ago, in place of the query of the next find(). */
  offer(hostname: Hostname, certificate: ServedCertificateRow): void {
    const cached = this.#cached.peek(hostname);
    if (cached === undefined || cached.isStale) this.#offers.set(hostname, certificate);
  }

  /** Reads a name in use again immediately, so that no handshake waits for it. @param hostname null: any may have changed */
  #refresh(hostname: Hostname | null): void {
    if (hostname === null) {
      this.#misses.clear();
      this.#failures.clear();
      this.#offers.clear();
      for (const cached of this.#cached.values()) cached.isStale = true;
      return;
    }
    this.#misses.delete(hostname);
    this.#failures.delete(hostname);
    this.#offers.delete(hostname);
    const cached = this.#cached.peek(hostname);
    const reading = this.#reading.get(hostname);
    if (cached === undefined && reading === undefined) return;
    if (cached !== undefined) cached.isStale = true;
    // A read in progress may return the state before the change.
    this.#reading.delete(hostname);
    void this.#read(hostname).catch(() => {});
  }

  /** Concurrent calls share one query. */
  #read(hostname: Hostname): Promise<HostServer | null> {
    const started = this.#reading.get(hostname);
    if (started !== undefined) return started;
    const reading: Promise<HostServer | null> = this.#load(
      hostname,
      () => this.#reading.get(hostname) === reading,
    ).finally(() => {
      if (this.#reading.get(hostname) === reading) this.#reading.delete(hostname);
    });
    this.#reading.set(hostname, reading);
    return reading;
  }

  async #load(hostname: Hostname, isLatest: () => boolean): Promise<HostServer | null> {
    try {
      const cached = await this.#build(hostname);
      if (isLatest()) this.#keep(hostname, cached);
      return cached?.context ?? null;
    } catch (error) {
      const known = this.#cached.get(hostname);
      const isUnavailable = error instanceof AppError && error.code === 'unavailable';
      const cannotSay = isUnavailable || (error instanceof AppError && error.code === 'busy');
      if (cannotSay && known !== undefined && !this.#isExpired(known)) return known.context;
      if (isUnavailable && error.cause instanceof UnreadableKeyError)
        this.#failures.set(hostname, { error });
      throw error;
    }
  }

  async #build(hostname: Hostname): Promise<CachedContext | null> {
    const offered = this.#offers.get(hostname);
    this.#offers.delete(hostname);
    const current =
      offered === undefined
        ? await this.certificates.findCurrent(hostname)
        : await this.certificates.open(hostname, offered);
    if (current === null) return null;
    const { chainPem, privateKeyPem } = current;
    const notAfter = current.notAfter.getTime();
    if (notAfter <= this.clock.now().getTime()) return null;
    await this.#turns.next();
    const context = this.servers.build(hostname, { key: privateKeyPem, cert: chainPem });
    return { context, notAfter, isStale: false };
  }

  #keep(hostname: Hostname, cached: CachedContext | null): void {
    if (cached !== null) {
      this.#cached.set(hostname, cached);
      return;
    }
    this.#cached.delete(hostname);
    this.#misses.set(hostname, true);
  }

  #isExpired({ notAfter }: CachedContext): boolean {
    return notAfter <= this.clock.now().getTime();
  }
}

/** Building a context blocks for a fraction of a millisecond. One in each turn of the event loop: a hundred names at once stall nobody. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  next(): Promise<void> {
    this.#last = this.#last.then(() => nextTurn());
    return this.#last;
  }
}
