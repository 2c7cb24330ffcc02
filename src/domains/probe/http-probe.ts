import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Region } from '../../config/region.js';
import type { RootKeys } from '../../config/root-key.js';
import { NOT_PROBED, type ProbeFacts } from '../domain-facts.js';
import { readRedirect } from './probe-redirect.js';
import { fetchOnce, type ProbeResponse, type ProbeTarget } from './probe-request.js';
import { connectableAddresses } from '../../shared/ip-address.js';
import { probePath, readProbeAnswer, type ProbeQuestion } from './probe-protocol.js';

export interface HttpProbeOptions {
  readonly region: Region;
  readonly rootKeys: RootKeys;
  /** The port for plain HTTP: 80 on the public internet. */
  readonly httpPort: number;
  /** The port, besides 443, to which a redirect to HTTPS is followed. */
  readonly httpsPort?: number;
  readonly deadlineMs?: number;
}

export interface ProbeRequest {
  readonly hostname: string;
  /** From the lookup of this observation. The name is not resolved again: the answer could differ (DNS rebinding). */
  readonly addresses: readonly string[];
  readonly ingressAddresses: readonly string[];
}

const DEADLINE_MS = 3000;
const FAILURES: readonly ProbeFacts['status'][] = [
  'not_tried',
  'timeout',
  'refused',
  'unreachable',
];

/**
 * Sends an HTTP request to a name to find out whether gateways of this region answer. It connects to public addresses
 * and to those of this region only, so DNS records of a customer cannot direct it into a private network.
 */
export class HttpProbe {
  constructor(private readonly options: HttpProbeOptions) {}

  /**
   * Probes one address of each family. The answer over IPv6 takes precedence, as with a CA; a failure over IPv6 does not.
   * Never throws.
   */
  async probe(request: ProbeRequest, signal?: AbortSignal): Promise<ProbeFacts> {
    if (request.addresses.length === 0) return NOT_PROBED;
    const allowed = connectableAddresses(request.addresses, request.ingressAddresses);
    const candidates = [allowed.find(isIPv6), allowed.find((each) => !isIPv6(each))];
    const results = await Promise.all(
      candidates
        .filter((address) => address !== undefined)
        .map((address) => this.#probeAddress(request.hostname, address, signal)),
    );
    const answered = results.find(({ status }) => !FAILURES.includes(status));
    const refused = { ...NOT_PROBED, address: request.addresses[0] ?? null };
    return answered ?? results.at(-1) ?? { ...refused, status: 'private_address' };
  }

  async #probeAddress(
    hostname: string,
    address: string,
    signal: AbortSignal | undefined,
  ): Promise<ProbeFacts> {
    const { region, httpPort, deadlineMs = DEADLINE_MS } = this.options;
    const question = { region, hostname, nonce: randomBytes(16).toString('hex') };
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const target = {
      address,
      port: httpPort,
      hostname,
      path: probePath(question),
      isTls: false,
      signal: either,
    };
    const first = await fetchOnce(target);
    // The caller aborted: this is no result about the name.
    if (signal?.aborted === true) return { ...NOT_PROBED, address };
    const plain = this.#judge(first, target, question);
    if (plain.status !== 'redirected' || first.kind !== 'answer') return plain;
    return await this.#afterRedirect(plain, target, question);
  }

  /** Follows one redirect to HTTPS on the same name, to the same address. Any other redirect is only reported. */
  async #afterRedirect(
    plain: ProbeFacts,
    target: ProbeTarget,
    question: ProbeQuestion,
  ): Promise<ProbeFacts> {
    const redirect = readRedirect(plain.location ?? '', target, this.#redirectPorts());
    if (redirect.kind !== 'https')
      return { ...plain, status: redirect.kind, location: redirect.url };
    const secure = { ...target, port: redirect.port, path: redirect.path, isTls: true };
    const second = await fetchOnce(secure);
    const found = { ...this.#judge(second, secure, question), viaHttps: true };
    if (second.kind !== 'answer') return { ...plain, location: redirect.url };
    if (found.status !== 'redirected') return { ...found, location: redirect.url };
    const next = readRedirect(found.location ?? '', secure, this.#redirectPorts());
    // A second redirect to the same name, over HTTP or HTTPS, does not end.
    return {
      ...found,
      location: next.url,
      status: next.kind === 'https' ? 'redirect_loop' : next.kind,
    };
  }

  #redirectPorts(): readonly number[] {
    const { httpPort, httpsPort = 443 } = this.options;
    return [80, 443, httpPort, httpsPort];
  }

  #judge(response: ProbeResponse, target: ProbeTarget, question: ProbeQuestion): ProbeFacts {
    const base = { ...NOT_PROBED, address: target.address };
    if (response.kind === 'failure') return { ...base, status: response.status };
    const { httpStatus, server, location, body } = response;
    const seen = { ...base, httpStatus, server, location };
    if (httpStatus >= 300 && httpStatus < 400 && location !== null) {
      return { ...seen, status: 'redirected' };
    }
    if (httpStatus !== 200) return { ...seen, status: 'http_error' };
    const answer = readProbeAnswer(body, this.options.rootKeys, question);
    return { ...seen, status: answer === 'stranger' ? 'html' : answer };
  }
}
