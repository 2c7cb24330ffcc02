import type { IncomingMessage } from 'node:http';
import { parseProbePath, PROBE_PATH_PREFIX } from '../domains/probe/probe-protocol.js';
import type { Cell } from '../region/cell.js';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import { unavailableAnswer, type GatewayAnswer } from './gateway-answer.js';
import type { LookupLimiter } from './lookup-limiter.js';

const CHALLENGE_PREFIX = '/.well-known/acme-challenge/';
/** Base64url (RFC 8555 section 8.3). The lengths are a limit of the gateway; CAs use about 43 characters. */
const TOKEN = /^[A-Za-z0-9_-]{8,128}$/;

const NOT_FOUND: GatewayAnswer = { status: 404, body: 'not found\n' };
const UNAVAILABLE = unavailableAnswer('not available right now\n');

interface WellKnownRequest {
  readonly request: IncomingMessage;
  /** Null when the request names no valid host. */
  readonly hostname: Hostname | null;
  readonly network: Network;
}

/**
 * Answers ACME HTTP-01 challenges and routing probes, on every host and over both HTTP and HTTPS: they arrive before a
 * name serves. The answers reveal no customer data.
 */
export class WellKnown {
  constructor(
    private readonly cells: () => readonly Cell[],
    private readonly limiter: LookupLimiter,
  ) {}

  /** Null for every other path. */
  answer(asked: WellKnownRequest): GatewayAnswer | Promise<GatewayAnswer> | null {
    const [path = '/'] = (asked.request.url ?? '/').split('?', 1);
    if (path.startsWith(PROBE_PATH_PREFIX)) return this.#answerProbe(asked, path);
    if (!path.startsWith(CHALLENGE_PREFIX)) return null;
    const token = path.slice(CHALLENGE_PREFIX.length);
    if (!isRead(asked.request) || !TOKEN.test(token)) return NOT_FOUND;
    return this.#answerChallenge(token, asked);
  }

  /** If this process does not serve the probe's region, the answer names a region it does serve: the DNS points to the wrong gateway. */
  #answerProbe({ request, hostname }: WellKnownRequest, path: string): GatewayAnswer {
    const probe = parseProbePath(path);
    if (probe === null || hostname === null || !isRead(request)) return NOT_FOUND;
    const cells = this.cells();
    const cell = cells.find(({ region }) => region === probe.region) ?? cells[0];
    if (cell === undefined) return UNAVAILABLE;
    return { status: 200, body: cell.names.probeAnswer(hostname, probe.nonce) };
  }

  async #answerChallenge(
    token: string,
    { hostname, network }: WellKnownRequest,
  ): Promise<GatewayAnswer> {
    const cells = this.cells();
    if (cells.length === 0) return UNAVAILABLE;
    if (!this.limiter.takeToken(network)) return NOT_FOUND;
    const answers = await Promise.allSettled(
      cells.map(({ names }) => names.keyAuthorization(token)),
    );
    const found = answers.flatMap(
      (each) => (each.status === 'fulfilled' ? each.value : null) ?? [],
    );
    const [keyAuthorization] = found;
    if (keyAuthorization !== undefined) {
      this.limiter.returnToken(network);
      return { status: 200, body: keyAuthorization };
    }
    if (!answers.every(({ status }) => status === 'fulfilled')) return UNAVAILABLE;
    return hostname === null ? NOT_FOUND : this.#sendOn(token, hostname);
  }

  /** A CA follows redirects (RFC 8555 section 8.3): a name that moves gets its certificate in its new region before it leads there. */
  async #sendOn(token: string, hostname: Hostname): Promise<GatewayAnswer> {
    const asked = this.cells().map(({ names }) => names.moveOrigin(hostname));
    const origins = await Promise.all(asked).catch(() => null);
    if (origins === null) return UNAVAILABLE;
    const origin = origins.find((each) => each !== null);
    if (origin === undefined) return NOT_FOUND;
    const location = `${origin}${CHALLENGE_PREFIX}${token}`;
    return { status: 302, body: 'moving\n', headers: { location } };
  }
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
