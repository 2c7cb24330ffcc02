import type { LRUCache } from 'lru-cache';
import { Clock } from '../../shared/clock.js';
import { MINUTE } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateIssuer } from '../certificate-issuer.js';
import { hostCache } from './host-cache.js';
import type { HostServer, HostServers } from './host-server.js';

export interface SecureContextsOptions {
  /** Whether the name is ours. Called for every handshake, so it must answer from memory. */
  readonly isServable: (hostname: Hostname) => boolean;
  /** Those of the name's region. */
  readonly serversOf: (hostname: Hostname) => Pick<HostServers, 'build'>;
  /** Contexts in memory; each takes some 30 KB outside V8's heap. */
  readonly capacity?: number;
  /** Called when a renewal failed. The old certificate keeps serving; the next attempt is a minute later. */
  readonly onRenewalFailed?: (hostname: Hostname, error: unknown) => void;
}

interface CachedContext {
  readonly context: HostServer;
  /** Milliseconds since the epoch, like `renewAt`. */
  readonly notAfter: number;
  renewAt: number;
}

const CAPACITY = 5000;
const RENEWAL_RETRY = MINUTE;

/** TLS contexts (key and certificate in OpenSSL's form) of the region's own hosts, made on first use. */
export class SecureContexts {
  readonly #cached: LRUCache<Hostname, CachedContext>;
  readonly #making = new Map<Hostname, Promise<HostServer>>();

  constructor(
    private readonly issuer: CertificateIssuer,
    private readonly clock: Clock,
    private readonly options: SecureContextsOptions,
  ) {
    this.#cached = hostCache(options.capacity ?? CAPACITY);
  }

  isServable(hostname: Hostname): boolean {
    return this.options.isServable(hostname);
  }

  /**
   * A context from memory, a promise of one that must be made, or null for a name that is not ours. Never an expired
   * one; with a third of the lifetime left, a new one is made in the background.
   */
  find(hostname: Hostname): HostServer | Promise<HostServer> | null {
    if (!this.isServable(hostname)) return null;
    const cached = this.#cached.get(hostname);
    const now = this.clock.now().getTime();
    if (cached === undefined || now >= cached.notAfter) return this.#make(hostname);
    if (now >= cached.renewAt) this.#renew(hostname, cached, now);
    return cached.context;
  }

  #renew(hostname: Hostname, cached: CachedContext, now: number): void {
    cached.renewAt = now + RENEWAL_RETRY;
    this.#make(hostname).catch((error: unknown) => this.options.onRenewalFailed?.(hostname, error));
  }

  /** Concurrent calls share one certificate. */
  #make(hostname: Hostname): Promise<HostServer> {
    const started = this.#making.get(hostname);
    if (started !== undefined) return started;
    const making = this.#issue(hostname).finally(() => this.#making.delete(hostname));
    this.#making.set(hostname, making);
    return making;
  }

  async #issue(hostname: Hostname): Promise<HostServer> {
    const issued = await this.issuer.issue(hostname);
    const pair = { key: issued.privateKeyPem, cert: issued.chainPem };
    const context = this.options.serversOf(hostname).build(hostname, pair);
    const notAfter = issued.notAfter.getTime();
    if (notAfter <= this.clock.now().getTime())
      throw new Error(`${hostname}: issued already expired`);
    const renewAt = notAfter - (notAfter - issued.notBefore.getTime()) / 3;
    this.#cached.set(hostname, { context, notAfter, renewAt });
    return context;
  }
}
