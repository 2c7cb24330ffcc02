import { X509Certificate } from 'node:crypto';
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
import { SignedRequests } from './signed-requests.js';

export interface AcmeClientOptions {
  readonly ca: AcmeCa;
  /** PKCS #8, in clear. */
  readonly accountKeyPem: string;
  /** What ensureAccount() gave, once; null: not registered yet, as far as we know. */
  readonly accountUrl: string | null;
  readonly clock: Clock;
  /** Milliseconds for one request. */
  readonly timeout?: number;
  /** Aborts what is under way, for a process that stops. */
  readonly signal?: AbortSignal;
}

export interface OrderWishes {
  /** Sent where the CA offers it. */
  readonly profile: string | null;
  /** ariCertId() of the certificate that this one is to replace. */
  readonly replaces: string | null;
}

/** CRLReason (RFC 5280 section 5.3.1) as far as a subscriber may give it. */
export type RevocationReason = 'unspecified' | 'keyCompromise' | 'superseded' | 'cessation';

const REASONS = { unspecified: 0, keyCompromise: 1, superseded: 4, cessation: 5 } as const;

/** One account at one CA. Every method may throw AcmeProblem; none tries twice or sleeps. */
export class AcmeClient {
  readonly #transport: AcmeTransport;
  readonly #directory: DirectoryReader;
  readonly #signed: SignedRequests;
  #accountUrl: string | null;

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

  /** What the CA offers, at most an hour old. */
  directory(): Promise<AcmeDirectory> {
    return this.#directory.read();
  }

  /** The account's URL, to be kept; asks the CA only when none is known. */
  async ensureAccount(): Promise<string> {
    return this.#accountUrl ?? (await this.registerAccount());
  }

  /** Registers the key, or finds the account it has: the same for every caller, however many race (RFC 8555 section 7.3.1). */
  async registerAccount(): Promise<string> {
    const { newAccount } = await this.#directory.read();
    const { email } = this.options.ca;
    const answer = await this.#signed.postWithKey(newAccount, {
      termsOfServiceAgreed: true,
      ...(email !== null && { contact: [`mailto:${email}`] }),
    });
    this.#accountUrl = locationOf(answer);
    return this.#accountUrl;
  }

  async newOrder(hostname: Hostname, wishes: OrderWishes): Promise<AcmeOrder> {
    const { newOrder, meta } = await this.#directory.read();
    const { profile, replaces } = wishes;
    const answer = await this.#post(newOrder, {
      identifiers: [{ type: 'dns', value: hostname }],
      ...(profile !== null && profile in meta.profiles && { profile }),
      ...(replaces !== null && { replaces }),
    });
    return readOrder(answer, locationOf(answer));
  }

  /** The order as the CA sees it now, and when it wants to be asked again. */
  async getOrder(url: string): Promise<Polled<AcmeOrder>> {
    const answer = await this.#post(url, null);
    return { value: readOrder(answer, url), retryAfterSeconds: this.#retryAfter(answer) };
  }

  async getAuthorization(url: string): Promise<Polled<AcmeAuthorization>> {
    const answer = await this.#post(url, null);
    return { value: readAuthorization(answer, url), retryAfterSeconds: this.#retryAfter(answer) };
  }

  async authorizations(order: AcmeOrder): Promise<AcmeAuthorization[]> {
    const answers = await Promise.all(
      order.authorizations.map((url) => this.getAuthorization(url)),
    );
    return answers.map(({ value }) => value);
  }

  /** What proves, at the challenge's place, that this account asked. */
  keyAuthorization(token: string): Promise<string> {
    return this.#signed.keyAuthorization(token);
  }

  /** Tells the CA to look. The answer is in the authorization, later. */
  async startChallenge(url: string): Promise<void> {
    await this.#post(url, {});
  }

  async finalize(order: AcmeOrder, csrDer: Buffer): Promise<AcmeOrder> {
    const answer = await this.#post(order.finalize, { csr: csrDer.toString('base64url') });
    return readOrder(answer, order.url);
  }

  /** PEM, as the CA gave it, unchecked. */
  async downloadChain(url: string): Promise<string> {
    const { data } = await this.#post(url, null);
    if (typeof data === 'string') return data;
    throw localProblem('unreadable_answer', 'the CA gave no certificate chain');
  }

  /** Revoking what is revoked already is done, too. */
  async revoke(chainPem: string, reason: RevocationReason): Promise<void> {
    const { revokeCert } = await this.#directory.read();
    const certificate = new X509Certificate(chainPem).raw.toString('base64url');
    try {
      await this.#post(revokeCert, { certificate, reason: REASONS[reason] });
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

  async #post(url: string, payload: object | null): Promise<AcmeAnswer> {
    return this.#signed.post(url, payload, await this.ensureAccount());
  }

  #retryAfter({ headers }: AcmeAnswer): number | null {
    return retryAfterSeconds(headers, '', this.options.clock.now());
  }
}

function locationOf({ headers }: AcmeAnswer): string {
  if (headers.location !== undefined) return headers.location;
  throw localProblem('unreadable_answer', 'the CA did not say where the new object is');
}
