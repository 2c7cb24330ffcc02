// What this room knows: an RFC 8555 client with its words: directories, accounts, orders, challenges, problems.
// What it must not know: customers, the database, and when a certificate is wanted.
import { boundedCache } from '../shared/bounded-cache.js';
import { Clock } from '../shared/clock.js';
import type { Hostname } from '../shared/hostname.js';
import { DirectoryReader, type AcmeCa, type AcmeDirectory } from './acme-ca.js';
import {
  readAuthorization,
  readOrder,
  readRenewalInfo,
  type AcmeAuthorization,
  type AcmeOrder,
  type RenewalInfo,
} from './acme-objects.js';
import { ACME_ERROR, AcmeProblem, localProblem, problemFromAnswer } from './acme-problem.js';
import { AcmeTransport, type AcmeAnswer } from './acme-transport.js';
import type { Polled } from './polling.js';
import { retryAfterSeconds } from './retry-after.js';
import { type AccountVerbs, SignedRequests } from './signed-requests.js';

export interface AcmeClientOptions {
  readonly ca: AcmeCa;
  /** PKCS #8, in clear. */
  readonly accountKeyPem: string;
  /** An earlier result of ensureAccount(); null: not registered, as far as the caller knows. */
  readonly accountUrl: string | null;
  readonly clock: Clock;
  /** Milliseconds for one request. */
  readonly timeout?: number;
  /** Aborts the requests in progress. */
  readonly signal?: AbortSignal;
  /** Called with what the CA's clock says, in milliseconds since the epoch. */
  readonly onDate?: (now: number) => void;
}

export interface OrderWishes {
  /** Sent if the CA offers it. */
  readonly profile: string | null;
  /** ariCertId() of the certificate that the new one replaces. */
  readonly replaces: string | null;
}

/** The values of CRLReason (RFC 5280 section 5.3.1) that a subscriber may give. */
export type RevocationReason = 'unspecified' | 'keyCompromise' | 'superseded' | 'cessation';

/** Challenges that were started lately. */
const STARTED_MAX = 10_000;

/** 403: the object belongs to another account. */
const GONE: ReadonlySet<number> = new Set([403, 404, 410]);

const REASONS = { unspecified: 0, keyCompromise: 1, superseded: 4, cessation: 5 } as const;

/** One account at one CA. Every method may throw AcmeProblem; none retries or sleeps. */
export class AcmeClient {
  readonly #transport: AcmeTransport;
  readonly #directory: DirectoryReader;
  readonly #signed: SignedRequests;
  #accountUrl: string | null;
  readonly #started = boundedCache<string, true>(STARTED_MAX);

  constructor(private readonly options: AcmeClientOptions) {
    this.#transport = new AcmeTransport({ ...options, caFile: options.ca.caFile });
    this.#directory = new DirectoryReader(options.ca, this.#transport, options.clock);
    this.#signed = new SignedRequests({
      ...options,
      transport: this.#transport,
      directory: this.#directory,
    });
    this.#accountUrl = options.accountUrl;
  }

  get ca(): AcmeCa {
    return this.options.ca;
  }

  /** At most an hour old. */
  directory(): Promise<AcmeDirectory> {
    return this.#directory.read();
  }

  /** Whether the CA answers now. */
  async isReachable(): Promise<boolean> {
    try {
      await this.#directory.probe();
      return true;
    } catch (error) {
      if (error instanceof AcmeProblem) return false;
      throw error;
    }
  }

  /** The account's URL, for the caller to keep. Asks the CA only if none is known. */
  async ensureAccount(): Promise<string> {
    return this.#accountUrl ?? (await this.registerAccount());
  }

  /** Registers the key or finds its account: concurrent callers get the same URL (RFC 8555 section 7.3.1). */
  async registerAccount(): Promise<string> {
    const { newAccount } = await this.#directory.read();
    const { email } = this.options.ca;
    const { headers } = await this.#signed.postWithKey(newAccount, {
      termsOfServiceAgreed: true,
      ...(email !== null && { contact: [`mailto:${email}`] }),
    });
    if (headers.location === undefined) {
      throw localProblem('unreadable_answer', 'the CA gave no account URL');
    }
    this.#accountUrl = headers.location;
    return this.#accountUrl;
  }

  async newOrder(hostname: Hostname, wishes: OrderWishes): Promise<AcmeOrder> {
    const { meta } = await this.#directory.read();
    const { profile, replaces } = wishes;
    const data = await this.#verb((account) =>
      account.createOrder({
        identifiers: [{ type: 'dns', value: hostname }],
        ...(profile !== null && profile in meta.profiles && { profile }),
        ...(replaces !== null && { replaces }),
      }),
    );
    return readOrder({ data }, data.url);
  }

  /** The order's present state, with the CA's Retry-After. */
  async getOrder(url: string): Promise<Polled<AcmeOrder>> {
    const answer = await this.#postAsGet(url);
    return { value: readOrder(answer, url), retryAfterSeconds: this.#retryAfter(answer) };
  }

  async getAuthorization(url: string): Promise<Polled<AcmeAuthorization>> {
    const answer = await this.#postAsGet(url);
    return { value: readAuthorization(answer, url), retryAfterSeconds: this.#retryAfter(answer) };
  }

  async authorizations(order: AcmeOrder): Promise<AcmeAuthorization[]> {
    const found = await this.#verb((account) => account.getAuthorizations(order));
    return found.map((data) => readAuthorization({ data }, data.url));
  }

  /** Null: the CA no longer knows the order, or it belongs to another account. */
  async findOrder(url: string): Promise<AcmeOrder | null> {
    try {
      return (await this.getOrder(url)).value;
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }

  /**
   * Ends what the CA could issue by without another validation (RFC 8555 section 7.5.2). By the URLs of the
   * authorizations: a CA may hold them valid for longer than it keeps their order.
   */
  async deactivateAuthorizations(urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      try {
        await this.#deactivate(url);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
  }

  /** The value that answers the challenge (RFC 8555 section 8.1). */
  keyAuthorization(token: string): Promise<string> {
    return this.#signed.keyAuthorization(token);
  }

  /** Asks the CA to validate. The authorization has the result, later. */
  async startChallenge(url: string): Promise<void> {
    // Some CAs show it as pending meanwhile, and would validate again.
    if (this.#started.has(url)) return;
    await this.#verb((account) => account.completeChallenge({ url }));
    this.#started.set(url, true);
  }

  async finalize(order: AcmeOrder, csrPem: string): Promise<AcmeOrder> {
    const data = await this.#verb((account) => account.finalizeOrder(order, csrPem));
    return readOrder({ data }, order.url);
  }

  /** PEM as the CA gave it, unchecked. */
  async downloadChain(url: string): Promise<string> {
    const order = { status: 'valid', certificate: url } as const;
    const chainPem = await this.#verb((account) => account.getCertificate(order));
    if (typeof chainPem === 'string') return chainPem;
    throw localProblem('unreadable_answer', 'the CA gave no certificate chain');
  }

  /** Succeeds for a certificate that is revoked already. @param chainPem the certificate comes first */
  async revoke(chainPem: string, reason: RevocationReason): Promise<void> {
    const options = { reason: REASONS[reason] };
    try {
      await this.#verb((account) => account.revokeCertificate(chainPem, options));
    } catch (error) {
      const isRevoked =
        error instanceof AcmeProblem && error.type === `${ACME_ERROR}alreadyRevoked`;
      if (!isRevoked) throw error;
    }
  }

  /** Null: the CA does not offer ARI. @param certId from ariCertId() */
  async renewalInfo(certId: string): Promise<RenewalInfo | null> {
    const { renewalInfo } = await this.#directory.read();
    if (renewalInfo === null) return null;
    const url = `${renewalInfo.replace(/\/$/, '')}/${certId}`;
    const answer = await this.#transport.request(url, 'GET');
    if (answer.status !== 200) throw problemFromAnswer(answer, this.options.clock.now());
    return readRenewalInfo(answer, this.#retryAfter(answer));
  }

  close(): void {
    this.#transport.close();
  }

  async #deactivate(url: string): Promise<void> {
    const { status } = (await this.getAuthorization(url)).value;
    if (status !== 'valid' && status !== 'pending') return;
    await this.#signed.post(url, { status: 'deactivated' }, await this.ensureAccount());
  }

  /** What the library throws itself is about a success that it cannot read: another 2xx, no Location, no JSON. */
  async #verb<Result>(call: (account: AccountVerbs) => Promise<Result>): Promise<Result> {
    const accountUrl = await this.ensureAccount();
    try {
      return await call(this.#signed.as(accountUrl));
    } catch (error) {
      if (error instanceof AcmeProblem) throw error;
      throw localProblem('unreadable_answer', `unexpected answer: ${String(error)}`, error);
    }
  }

  async #postAsGet(url: string): Promise<AcmeAnswer> {
    return this.#signed.post(url, null, await this.ensureAccount());
  }

  #retryAfter({ headers }: AcmeAnswer): number | null {
    return retryAfterSeconds(headers, '', this.options.clock.now());
  }
}

/** Whether the CA no longer knows the object that was asked for. */
function isGone(error: unknown): boolean {
  return error instanceof AcmeProblem && !error.isAboutService && GONE.has(error.status);
}
