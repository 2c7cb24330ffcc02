import { createSecureContext, type SecureContext } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../shared/clock.js';
import { MINUTE } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateIssuer } from '../certificate-issuer.js';

export interface SecureContextsOptions {
  /** Which names are ours. Asked at every handshake: an answer from memory. */
  readonly isServable: (hostname: Hostname) => boolean;
  /** How many contexts stay in memory; each holds some 40 KB outside V8's heap. */
  readonly capacity?: number;
  /** A certificate could not be renewed. The old one serves on, and the next try is a minute away. */
  readonly onRenewalFailed?: (hostname: Hostname, error: unknown) => void;
}

interface CachedContext {
  readonly context: SecureContext;
  /** Milliseconds since the epoch, like `renewAt`. */
  readonly notAfter: number;
  renewAt: number;
}

const CAPACITY = 5000;
const RENEWAL_RETRY = MINUTE;

/** What TLS needs for a name: key and certificate as OpenSSL holds them. Made when first asked for. */
export class SecureContexts {
  readonly #cached: LRUCache<Hostname, CachedContext>;
  readonly #making = new Map<Hostname, Promise<SecureContext>>();

  constructor(
    private readonly issuer: CertificateIssuer,
    private readonly clock: Clock,
    private readonly options: SecureContextsOptions,
  ) {
    this.#cached = new LRUCache({ max: options.capacity ?? CAPACITY });
  }

  isServable(hostname: Hostname): boolean {
    return this.options.isServable(hostname);
  }

  /**
   * At once what is in memory, a promise of what must be made, null for a name that is not ours. Never an expired
   * certificate; with a third of its lifetime left a new one is made beside it.
   */
  find(hostname: Hostname): SecureContext | Promise<SecureContext> | null {
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

  /** However many ask at once, one certificate is made. */
  #make(hostname: Hostname): Promise<SecureContext> {
    const started = this.#making.get(hostname);
    if (started !== undefined) return started;
    const making = this.#issue(hostname).finally(() => this.#making.delete(hostname));
    this.#making.set(hostname, making);
    return making;
  }

  async #issue(hostname: Hostname): Promise<SecureContext> {
    const issued = await this.issuer.issue(hostname);
    const context = createSecureContext({ key: issued.privateKeyPem, cert: issued.chainPem });
    const notAfter = issued.notAfter.getTime();
    if (notAfter <= this.clock.now().getTime())
      throw new Error(`${hostname}: issued already expired`);
    const renewAt = notAfter - (notAfter - issued.notBefore.getTime()) / 3;
    this.#cached.set(hostname, { context, notAfter, renewAt });
    return context;
  }
}
