import { createRequire } from 'node:module';
import type acme from 'acme-client';
import { Clock } from '../shared/clock.js';
import { ACME_ERROR, askForService, localProblem, problemFromAnswer } from './acme-problem.js';
import type { AcmeCa, AcmeDirectory, DirectoryReader } from './acme-ca.js';
import type { AcmeAnswer, AcmeTransport } from './acme-transport.js';

/** The verbs of acme-client that we use, with what they read of their arguments and give back unchecked. */
export interface AccountVerbs {
  createOrder(order: object): Promise<{ readonly url: string }>;
  getAuthorizations(order: {
    readonly authorizations: readonly string[];
  }): Promise<readonly { readonly url: string }[]>;
  completeChallenge(challenge: { readonly url: string }): Promise<unknown>;
  finalizeOrder(
    order: { readonly url: string; readonly finalize: string },
    csrPem: string,
  ): Promise<unknown>;
  getCertificate(order: {
    readonly status: 'valid';
    readonly certificate: string;
  }): Promise<unknown>;
  revokeCertificate(chainPem: string, options: { readonly reason: number }): Promise<unknown>;
}

/** The part of acme-client's HTTP layer that we call and replace. It is not in the library's types. */
interface LibraryHttp {
  maxBadNonceRetries: number;
  request(url: string, method: string, options?: { data?: unknown }): Promise<AcmeAnswer>;
  getDirectory(): Promise<AcmeDirectory>;
  getNonce(): Promise<string>;
  signedRequest(
    url: string,
    payload: object | null,
    options: { kid?: string; includeExternalAccountBinding?: boolean },
  ): Promise<AcmeAnswer>;
}

// Loaded with the first account: with what it brings along (axios), it takes a tenth of the start.
const loadLibrary = createRequire(import.meta.url);

/** At 50 % of nonces refused, one request in a million fails. */
const NONCE_ATTEMPTS_MAX = 20;
const NONCES_MAX = 16;
const BAD_NONCE = `${ACME_ERROR}badNonce`;

export interface SignedRequestsOptions {
  readonly ca: AcmeCa;
  readonly accountKeyPem: string;
  readonly transport: AcmeTransport;
  readonly directory: DirectoryReader;
  readonly clock: Clock;
}

/**
 * Requests signed with one account key, by acme-client over our transport, with nonces kept from answers. The library's
 * own transport sleeps through Retry-After, and its settings are global to the process (docs/decisions/0016).
 */
export class SignedRequests {
  readonly #client: acme.Client;
  readonly #http: LibraryHttp;
  readonly #nonces: string[] = [];
  #account: { readonly url: string; readonly verbs: AccountVerbs } | null = null;

  constructor(private readonly options: SignedRequestsOptions) {
    this.#client = this.#newClient();
    this.#http = this.#adopt(this.#client);
  }

  /** The library's verbs, as the account `url`. They throw AcmeProblem for every answer that is no success. */
  as(url: string): AccountVerbs {
    if (this.#account?.url !== url) {
      const client = this.#newClient({ accountUrl: url });
      this.#adopt(client);
      this.#account = { url, verbs: client as unknown as AccountVerbs };
    }
    return this.#account.verbs;
  }

  /**
   * POST as the account `kid`, for answers whose headers matter. Null as payload is POST-as-GET.
   * @throws AcmeProblem for every answer that is no success
   */
  post(url: string, payload: object | null, kid: string): Promise<AcmeAnswer> {
    return this.#succeed(this.#http.signedRequest(url, payload, { kid }));
  }

  /** POST with the account's key in place of its URL, with the external account binding if configured. */
  postWithKey(url: string, payload: object): Promise<AcmeAnswer> {
    const options = { includeExternalAccountBinding: true };
    return askForService(this.#succeed(this.#http.signedRequest(url, payload, options)));
  }

  /** RFC 8555 section 8.1. */
  keyAuthorization(token: string): Promise<string> {
    const challenge = { type: 'http-01', token, url: '', status: 'pending' } as const;
    return this.#client.getChallengeKeyAuthorization(challenge);
  }

  #newClient(account: { readonly accountUrl?: string } = {}): acme.Client {
    const { ca, accountKeyPem } = this.options;
    const { Client } = loadLibrary('acme-client') as typeof acme;
    return new Client({
      directoryUrl: ca.directoryUrl,
      accountKey: accountKeyPem,
      ...(ca.eab !== null && { externalAccountBinding: { ...ca.eab } }),
      ...account,
    });
  }

  /** Replaces the client's transport, directory and nonces by ours. */
  #adopt(client: acme.Client): LibraryHttp {
    const { http } = client as unknown as { http: LibraryHttp };
    http.maxBadNonceRetries = NONCE_ATTEMPTS_MAX;
    http.getDirectory = () => this.options.directory.read();
    http.getNonce = () => askForService(this.#takeNonce());
    http.request = (url, method, { data } = {}) => this.#request(url, method.toUpperCase(), data);
    return http;
  }

  /** Here, before the library sees it, a failure becomes a problem with subproblems and Retry-After. */
  async #request(url: string, method: string, data?: unknown): Promise<AcmeAnswer> {
    const answer = await this.options.transport.request(url, method, data);
    // The library retries with the nonce of a badNonce answer: in the pool it would be used twice.
    if (isBadNonce(answer)) return answer;
    this.#keepNonce(answer);
    return requireSuccess(answer, this.options.clock.now());
  }

  /** After the last nonce attempt the library gives the badNonce answer back. */
  async #succeed(answering: Promise<AcmeAnswer>): Promise<AcmeAnswer> {
    return requireSuccess(await answering, this.options.clock.now());
  }

  #keepNonce({ headers }: AcmeAnswer): void {
    const nonce = headers['replay-nonce'];
    if (typeof nonce !== 'string') return;
    this.#nonces.push(nonce);
    if (this.#nonces.length > NONCES_MAX) this.#nonces.shift();
  }

  async #takeNonce(): Promise<string> {
    const kept = this.#nonces.pop();
    if (kept !== undefined) return kept;
    const { newNonce } = await this.options.directory.read();
    const request = this.options.transport.request(newNonce, 'HEAD');
    const { headers } = await this.#succeed(request);
    const nonce = headers['replay-nonce'];
    if (typeof nonce === 'string') return nonce;
    throw localProblem('unreadable_answer', 'the CA gave no nonce');
  }
}

/** @throws AcmeProblem */
function requireSuccess(answer: AcmeAnswer, now: Date): AcmeAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw problemFromAnswer(answer, now);
}

function isBadNonce({ data }: AcmeAnswer): boolean {
  return (data as { type?: unknown } | null)?.type === BAD_NONCE;
}
