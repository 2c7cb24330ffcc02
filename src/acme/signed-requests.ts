import acme from 'acme-client';
import { Clock } from '../shared/clock.js';
import { ACME_ERROR, localProblem, problemFromAnswer } from './acme-problem.js';
import type { AcmeCa, AcmeDirectory, DirectoryReader } from './acme-ca.js';
import type { AcmeAnswer, AcmeTransport } from './acme-transport.js';

/** The part of acme-client's HTTP layer that we use and replace. It is not in the library's types. */
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

/** Requests signed with one account key, by acme-client over our transport, with nonces kept from answers. */
export class SignedRequests {
  readonly #client: acme.Client;
  readonly #http: LibraryHttp;
  readonly #nonces: string[] = [];

  constructor(private readonly options: SignedRequestsOptions) {
    const { ca, accountKeyPem, directory } = options;
    this.#client = new acme.Client({
      directoryUrl: ca.directoryUrl,
      accountKey: accountKeyPem,
      ...(ca.eab !== null && { externalAccountBinding: { ...ca.eab } }),
    });
    // The library's own transport sleeps through Retry-After, and its settings are the whole process's.
    this.#http = (this.#client as unknown as { http: LibraryHttp }).http;
    this.#http.maxBadNonceRetries = NONCE_ATTEMPTS_MAX;
    this.#http.getDirectory = () => directory.read();
    this.#http.getNonce = () => this.#takeNonce();
    this.#http.request = (url, method, { data } = {}) =>
      this.#request(url, method.toUpperCase(), data);
  }

  /**
   * POST as the account `kid`. Null as payload is POST-as-GET.
   * @throws AcmeProblem for every answer that is no success
   */
  post(url: string, payload: object | null, kid: string): Promise<AcmeAnswer> {
    return this.#succeed(this.#http.signedRequest(url, payload, { kid }));
  }

  /** POST that introduces the key itself, with the external account binding where there is one. */
  postWithKey(url: string, payload: object): Promise<AcmeAnswer> {
    return this.#succeed(
      this.#http.signedRequest(url, payload, { includeExternalAccountBinding: true }),
    );
  }

  /** RFC 8555 section 8.1. */
  keyAuthorization(token: string): Promise<string> {
    const challenge = { type: 'http-01', token, url: '', status: 'pending' } as const;
    return this.#client.getChallengeKeyAuthorization(challenge);
  }

  async #succeed(answering: Promise<AcmeAnswer>): Promise<AcmeAnswer> {
    const answer = await answering;
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw problemFromAnswer(answer, this.options.clock.now());
  }

  async #request(url: string, method: string, data?: unknown): Promise<AcmeAnswer> {
    const answer = await this.options.transport.request(url, method, data);
    // The library itself takes the nonce that comes with badNonce: in the pool it would be used twice.
    if (!isBadNonce(answer)) this.#keepNonce(answer);
    return answer;
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
    const answer = await this.options.transport.request(newNonce, 'HEAD');
    const nonce = answer.headers['replay-nonce'];
    if (typeof nonce === 'string' && answer.status < 300) return nonce;
    if (answer.status >= 300) throw problemFromAnswer(answer, this.options.clock.now());
    throw localProblem('unreadable_answer', 'the CA gave no nonce');
  }
}

function isBadNonce({ data }: AcmeAnswer): boolean {
  return (data as { type?: unknown } | null)?.type === BAD_NONCE;
}
